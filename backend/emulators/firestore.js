'use strict'

module.exports = ({ need, port }) => {
  const { FirestoreServer, FirestoreStateCollection, FirestoreStateDocument } = need('@firestore-emulator/server')
  const { ServerCredentials } = need('@grpc/grpc-js')

  // Its own way takes some names for documents that are there, and copies all documents for each new one.
  FirestoreStateCollection.prototype.getDocument = function (name) {
    if (Object.getPrototypeOf(this.documents) !== null) this.documents = Object.assign(Object.create(null), this.documents)
    this.documents[name] ??= new FirestoreStateDocument(this.emitter, this.database, this, name, {}, {})
    return this.documents[name]
  }

  const { server } = new FirestoreServer()
  // A session that is too long for a message would be tried again and again, where Firestore refuses it at once.
  server.options['grpc.max_receive_message_length'] = -1
  // Its own start is for every interface.
  server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (err) => {
    if (err) throw err
  })
}
