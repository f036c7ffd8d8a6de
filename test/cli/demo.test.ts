import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { withoutKnownSentences } from '../../ts/cli/demo/data';
import { demoSentences, picturesPerSentence } from '../../ts/cli/demo/sentences';
import { Dataset } from '../../ts/data/dataset';
import { ATTRIBUTE_VALUES } from '../../ts/data/flowers/attributes';
import { CATALOGUE } from '../../ts/data/flowers/catalogue';
import { namedValues } from '../../ts/evaluation/encoder/caption-names';
import { presets } from '../../ts/models/presets';
import { florigen, jsonLines } from './run-florigen';

// A loaded machine may take ten times as long as a quiet one.
jest.setTimeout(600_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'florigen-demo-'));
const out = path.join(folder, 'demo');
// One thread: two wait for each other at every operation where other programs want the cores.
const short = ['demo', '--images', '102', '--steps', '4', '--threads', '1', '--json', '--out', out];

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('a much shortened demo', () => {
  test('stops at Ctrl-C, with everything saved and the way to go on', async () => {
    let signaled = false;
    const { code, stdout } = await florigen(short, {
      onOutput: (soFar, child) => {
        if (signaled || !/"title":"Training".*"done":[1-4]/.test(soFar)) return;
        signaled = true;
        child.kill('SIGINT');
      },
    });
    const events = jsonLines(stdout);
    expect(events[0]).toMatchObject({ event: 'estimate', images: 102, steps: 4 });
    expect(events).toContainEqual(expect.objectContaining({ event: 'signal', name: 'SIGINT' }));
    const stopped = events.find(({ event }) => event === 'stopped');
    // Under load the signal may arrive in the last step; then there is nothing left to continue but the drawing.
    if (stopped !== undefined) expect(stopped.command).toBe(`florigen demo --out ${out}`);
    expect(code).toBe(130);
    expect(fs.readdirSync(path.join(out, 'checkpoints')).length).toBeGreaterThan(0);
    expect(fs.existsSync(path.join(out, 'pictures.png'))).toBe(false);
  });

  test('continues from there to pictures, without drawing the flowers again', async () => {
    const { code, stdout } = await florigen(short);
    expect(code).toBe(0);
    const events = jsonLines(stdout);
    expect(events.map(({ title }) => title)).not.toContain('Drawing flowers');
    expect(events.at(-1)).toMatchObject({ event: 'demo', pictures: path.join(out, 'pictures.png') });
    const { format, width, height } = await sharp(path.join(out, 'pictures.png')).metadata();
    const rows = Math.ceil(demoSentences.length / 2);
    expect(format).toBe('png');
    expect(width).toBeGreaterThan(2 * picturesPerSentence * 128);
    expect(height).toBeGreaterThan(rows * 128);
    for (const name of ['bundle.safetensors', 'options.json', 'metrics.jsonl', 'samples/epoch-0001.png'])
      expect({ name, there: fs.existsSync(path.join(out, name)) }).toEqual({ name, there: true });
  });

  test('draws the same again when it is whole, and says so', async () => {
    const before = fs.readFileSync(path.join(out, 'pictures.png'));
    fs.rmSync(path.join(out, 'pictures.png'));
    const { code, stderr, stdout } = await florigen(short.filter((word) => word !== '--json'));
    expect(code).toBe(0);
    expect(stderr).toContain('is whole');
    expect(stderr).not.toContain('Training');
    expect(stdout).toContain('What to try next');
    expect(fs.readFileSync(path.join(out, 'pictures.png')).equals(before)).toBe(true);
  });

  test('refuses other settings in the same folder, and --fresh clears only what is its own', async () => {
    const other = short.map((word) => (word === '4' ? '3' : word));
    const { code, stderr } = await florigen(other);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/`--steps` must be 4.*3 instead/),
    });
    fs.writeFileSync(path.join(out, 'mine.txt'), 'mine');
    let signaled = false;
    const fresh = await florigen([...other, '--fresh'], {
      onOutput: (soFar, child) => {
        if (signaled || !soFar.includes('"event":"progress"')) return;
        signaled = true;
        child.kill('SIGINT');
      },
    });
    expect(fresh.code).toBe(130);
    expect(fs.readFileSync(path.join(out, 'mine.txt'), 'utf8')).toBe('mine');
    expect(JSON.parse(fs.readFileSync(path.join(out, 'demo.json'), 'utf8')).steps).toBe(3);
  });
});

describe('the sentences of the demo', () => {
  test('are no captions of the data; one that is would be left out', async () => {
    const pack = path.join(folder, 'pack.safetensors');
    await florigen(['dataset', 'build', '--images', '300', '--sizes', '16', '--out', pack]);
    const dataset = await Dataset.open(pack);
    const caption = dataset.caption(17).text;
    expect(withoutKnownSentences(dataset, [caption.toUpperCase(), ...demoSentences])).toEqual(demoSentences);
  });

  test('each names two colors; the last four ask for flowers that no trained species is', () => {
    const asked = demoSentences.map((sentence) => namedValues(sentence));
    for (const named of asked)
      expect([named.has('petalColor'), named.has('centerColor')]).toEqual([true, true]);
    const { splits } = presets.small!.options.data;
    const trained = CATALOGUE.filter(
      ({ split }) => split === 'training' || (splits === 'trainval' && split === 'validation'),
    );
    const fitting = asked.map(
      (named) =>
        trained.filter(({ attributes }) =>
          [...named].every(([name, { index }]) => ATTRIBUTE_VALUES[name][index] === attributes[name]),
        ).length,
    );
    expect(fitting.slice(-4)).toEqual([0, 0, 0, 0]);
    expect(asked.slice(-4).every((named) => named.size > 2)).toBe(true);
  });
});
