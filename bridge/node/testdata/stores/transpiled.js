// What TypeScript makes of a default export.
Object.defineProperty(exports, '__esModule', { value: true })
exports.default = require('./good.js')
