const a = 1
module.exports = = 2
