/** A process that answers one JSON line per request. */
const { spawn } = require('node:child_process');
const { createInterface } = require('node:readline');

class Peer {
  constructor(name, command, args) {
    this.name = name;
    this.process = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  async answer() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`${this.name} ended without an answer`);
    return JSON.parse(value);
  }

  /** Runs `count` steps: `{ seconds, losses }`. */
  step(count) {
    this.process.stdin.write(`step ${count}\n`);
    return this.answer();
  }

  end() {
    this.process.stdin.end();
  }
}

module.exports = { Peer };
