module.exports = { open: (session) => new session.MemoryStore(), durabel: true }
