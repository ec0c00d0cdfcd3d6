module.exports = async () => { throw 'just text' }
