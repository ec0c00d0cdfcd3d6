'use strict'

module.exports = ({ need, port }) => need('dynalite')({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }).listen(port)
