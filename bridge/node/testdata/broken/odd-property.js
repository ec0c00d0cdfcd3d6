module.exports = { open () {}, durable: 'yes' }
