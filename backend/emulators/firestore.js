'use strict'

// The package's own start has another host, and says nothing of an error.
module.exports = ({ need, port }) => {
  const { FirestoreServer } = need('@firestore-emulator/server')
  const { ServerCredentials } = need('@grpc/grpc-js')
  new FirestoreServer().server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (err) => {
    if (err) throw err
  })
}
