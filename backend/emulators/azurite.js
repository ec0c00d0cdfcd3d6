'use strict'

// Only the tables, in memory, with one account.
module.exports = async ({ need, port, password }) => {
  process.env.AZURITE_ACCOUNTS = 'storecheck:' + Buffer.from(password).toString('base64')
  const part = (name) => need('azurite/dist/src/table/' + name).default
  const off = false
  const unused = undefined
  const config = new (part('TableConfiguration'))(
    '127.0.0.1', port, unused, 'tables.json', off, off, unused, unused, off,
    true, // takes the API versions of clients that are newer
    unused, unused, unused, unused, off,
    true, // keeps all in memory
  )
  await new (part('TableServer'))(config).start()
}
