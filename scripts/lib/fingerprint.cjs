'use strict';
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { root } = require('./process.cjs');

/** Every file below the given paths, sorted. */
function filesBelow(paths) {
  return paths.flatMap((path) => {
    const full = join(root, path);
    if (!existsSync(full)) return [];
    if (!statSync(full).isDirectory()) return [path];
    return filesBelow(
      readdirSync(full)
        .sort()
        .map((name) => join(path, name)),
    );
  });
}

/** A digest of the files' names and contents, and of whatever else the result depends on. */
function fingerprint(paths, ...facts) {
  const hash = createHash('sha256').update(JSON.stringify(facts));
  for (const path of filesBelow(paths)) hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

const stampPath = (name) => join(root, 'build', `${name}.stamp`);

/** True where the result called `name` was made from exactly these inputs. */
function isCurrent(name, digest) {
  return existsSync(stampPath(name)) && readFileSync(stampPath(name), 'utf8') === digest;
}

/** Records what the result called `name` was made from. */
function stamp(name, digest) {
  mkdirSync(dirname(stampPath(name)), { recursive: true });
  writeFileSync(stampPath(name), digest);
}

module.exports = { filesBelow, fingerprint, isCurrent, stamp };
