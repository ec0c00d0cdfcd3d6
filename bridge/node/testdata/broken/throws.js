module.exports = () => { throw new TypeError('no connection string') }
