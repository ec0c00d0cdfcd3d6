module.exports = () => ({ get () {}, all () {} })
