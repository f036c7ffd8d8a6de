'use strict';
// Prints the folder of the torch that a device would use.
const { findLibTorch } = require('../../lib/native/find-libtorch.js');

console.log(findLibTorch({ device: process.argv[2] }).root);
