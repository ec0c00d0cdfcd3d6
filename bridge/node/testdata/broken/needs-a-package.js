require('a-package-that-is-not-there')
