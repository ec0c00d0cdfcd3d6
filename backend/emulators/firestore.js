'use strict'

module.exports = ({ need, port }) => {
  const { FirestoreServer, FirestoreStateCollection, FirestoreStateDocument } = need('@firestore-emulator/server')
  const { ServerCredentials } = need('@grpc/grpc-js')

  // Its own way takes constructor for a document that is there, and copies all documents for each new one.
  FirestoreStateCollection.prototype.getDocument = function (name) {
    if (Object.getPrototypeOf(this.documents) !== null) this.documents = Object.assign(Object.create(null), this.documents)
    this.documents[name] ??= new FirestoreStateDocument(this.emitter, this.database, this, name, {}, {})
    return this.documents[name]
  }

  // Its own start is for every interface.
  new FirestoreServer().server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (err) => {
    if (err) throw err
  })
}
