module.exports = () => new Promise(() => setTimeout(() => { throw new Error('ECONNREFUSED') }, 5))
