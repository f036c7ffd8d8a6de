'use strict';
/** A copy of the checkout in which faults are planted, kept under build/ so that its native build is incremental. */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..', '..');
const tree = path.join(root, 'build', 'mutants', 'tree');

function git(parameters, options) {
  const { status, stdout, stderr } = spawnSync('git', parameters, { encoding: 'utf8', ...options });
  if (status !== 0) throw new Error(`git ${parameters[0]} failed: ${stderr.trim()}`);
  return stdout;
}

/** Every file of the working tree that git does not ignore. */
function sources() {
  const listed = git(['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  return listed.split('\0').filter((file) => file !== '' && fs.existsSync(path.join(root, file)));
}

function readIfThere(file) {
  return fs.existsSync(file) ? fs.readFileSync(file) : undefined;
}

function link(name) {
  const at = path.join(tree, name);
  fs.mkdirSync(path.dirname(at), { recursive: true });
  fs.rmSync(at, { recursive: true, force: true });
  fs.symlinkSync(path.join(root, name), at);
}

/** Brings the copy up to date; what did not change keeps its time, so that nothing more is compiled. */
function refresh() {
  const files = sources();
  for (const file of files) {
    const content = fs.readFileSync(path.join(root, file));
    const copy = path.join(tree, file);
    if (readIfThere(copy)?.equals(content)) continue;
    fs.mkdirSync(path.dirname(copy), { recursive: true });
    fs.writeFileSync(copy, content);
  }
  removeOthers(tree, new Set(files.map((file) => path.join(tree, file))));
  link('node_modules');
  link(path.join('build', 'Release'));
}

function removeOthers(folder, wanted) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (folder === tree && (entry.name === 'build' || entry.name === 'node_modules')) continue;
    if (entry.isDirectory()) removeOthers(file, wanted);
    else if (!wanted.has(file)) fs.rmSync(file);
  }
}

/** Plants a fault. Returns what takes it out again; the files' times move on both ways, as a build wants. */
function plant(patch) {
  const files = [...fs.readFileSync(patch, 'utf8').matchAll(/^\+\+\+ b\/(.+)$/gm)].map((found) => found[1]);
  const before = files.map((file) => [path.join(tree, file), fs.readFileSync(path.join(tree, file))]);
  // Without the ceiling git would take the copy for a folder of the checkout and skip the patch in silence.
  git(['apply', patch], { cwd: tree, env: { ...process.env, GIT_CEILING_DIRECTORIES: path.dirname(tree) } });
  if (before.every(([file, content]) => fs.readFileSync(file).equals(content)))
    throw new Error(`${path.basename(patch)} changes nothing`);
  return () => {
    for (const [file, content] of before) fs.writeFileSync(file, content);
  };
}

module.exports = { root, tree, refresh, plant };
