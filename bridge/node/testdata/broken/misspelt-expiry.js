module.exports = { open: (session) => new session.MemoryStore(), expiry: { granularity: 1000 } }
