'use strict';
const { join } = require('node:path');
const { say } = require('./console.cjs');
const { root } = require('./process.cjs');
const { requireTools } = require('./tools.cjs');

/** A compiled module of the product: finding and fetching LibTorch is its business, not a script's. */
const product = (name) => require(join(root, 'lib', 'native', `${name}.js`));

/** The LibTorch to build against, fetched into the cache where none is found. */
async function ensureLibTorch() {
  const { searchLibTorch, cacheFolder } = product('find-libtorch');
  const last = searchLibTorch({ headers: true }).at(-1);
  if (last && last.reason === undefined) return last.found;
  requireTools(['pip']);
  say(`Fetching LibTorch into ${cacheFolder('cpu')}; FLORIGEN_LIBTORCH names one that you have`);
  return product('install-libtorch').installLibTorch('cpu', { onLine: say });
}

module.exports = { ensureLibTorch, product };
