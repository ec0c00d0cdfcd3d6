module.exports = class Helper { help () {} }
