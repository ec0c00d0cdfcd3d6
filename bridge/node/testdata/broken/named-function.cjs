exports.makeStore = () => new Map()
