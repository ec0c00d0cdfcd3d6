const { STORE_URL, PATH } = process.env

module.exports = () => {
  if (!('STORE_TOKEN' in process.env)) process.env.STORE_TOKEN = PATH && 'none'
  throw new Error(`no server at ${STORE_URL}: ${process.env.STORE_TOKEN}`)
}
