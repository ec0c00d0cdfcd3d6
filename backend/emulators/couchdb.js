'use strict'
const fs = require('fs')

module.exports = ({ need, port, password }) => {
  fs.writeFileSync('config.json', JSON.stringify({ admins: { storecheck: password }, log: { level: 'none' } }), { mode: 0o600 })
  const PouchDB = need('pouchdb-core').plugin(need('pouchdb-adapter-memory')).plugin(need('pouchdb-mapreduce'))
    .plugin(need('pouchdb-replication'))
  const couch = need('express-pouchdb')({ configPath: 'config.json', overrideMode: { exclude: ['routes/fauxton'] } })
  couch.setPouchDB(PouchDB.defaults({ adapter: 'memory' }))
  need('express')().use(etags, couch).listen(port)
}

// In CouchDB the ETag of a document is its revision. Clients read it there.
function etags(req, res, next) {
  const send = res.send
  res.send = function (body) {
    const revision = req.method === 'HEAD' || req.method === 'GET' ? revisionOf(body) : undefined
    if (revision) res.set('ETag', `"${revision}"`)
    return send.call(this, body)
  }
  next()
}

function revisionOf(body) {
  try {
    return JSON.parse(body)._rev
  } catch {
    return undefined // no document
  }
}
