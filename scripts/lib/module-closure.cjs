'use strict';
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { root } = require('./process.cjs');

const manifestOf = (path) => JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));

/** Where `name` is found from the package at `path`, as Node looks: beside, then ever further out. */
function resolveFrom(path, name) {
  const parts = path.split('/node_modules/');
  for (let depth = parts.length; depth > 0; depth -= 1) {
    const candidate = `${parts.slice(0, depth).join('/node_modules/')}/node_modules/${name}`;
    if (existsSync(join(root, candidate, 'package.json'))) return candidate;
  }
  const top = `node_modules/${name}`;
  return existsSync(join(root, top, 'package.json')) ? top : undefined;
}

/** Folders below node_modules of the named packages and everything that they need; absent optional ones are left out. */
function moduleClosure(names) {
  const found = new Set();
  const visit = (path) => {
    if (path === undefined || found.has(path)) return;
    found.add(path);
    const { dependencies, optionalDependencies, peerDependencies } = manifestOf(path);
    const needed = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
    for (const name of needed) visit(resolveFrom(path, name));
  };
  for (const name of names) visit(`node_modules/${name}`);
  // A package inside another one's folder comes with that folder.
  return [...found].filter((path) => ![...found].some((other) => path.startsWith(`${other}/node_modules/`)));
}

module.exports = { moduleClosure };
