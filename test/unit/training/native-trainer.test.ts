import { setTimeout } from 'node:timers/promises';
import { NativeError } from '../../../ts/errors';
import type { FlorigenAddon, TrainerHandle } from '../../../ts/native/addon';
import { NativeTrainer } from '../../../ts/training/native-trainer';

/** A trainer of two tensors, each of which is answered in its turn by what `answer` says of it. */
function trainerOf(answer: (name: string, turn: number) => bigint) {
  let turn = 0;
  const trainerReadState = async (_: unknown, name: string) => {
    const mine = turn++;
    await setTimeout(5 * (mine % 4));
    return BigInt64Array.of(answer(name, mine)).buffer;
  };
  const addon = { trainerManifest: () => [], trainerReadState } as unknown as FlorigenAddon;
  return new NativeTrainer(addon, {} as TrainerHandle, []);
}

describe('tensors that are read together', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  beforeEach(() => {
    unhandled.length = 0;
    process.on('unhandledRejection', note);
  });
  afterEach(() => process.off('unhandledRejection', note));

  test('are read again where a step came between', async () => {
    const trainer = trainerOf((name, turn) =>
      name === 'progress.step' ? (turn === 0 ? 1n : 2n) : BigInt(turn),
    );
    const read = await trainer.readTogether(['a', 'b']);
    const numbers = [...read].map(([name, bytes]) => [name, new BigInt64Array(bytes.buffer)[0]]);
    expect(numbers).toEqual([
      ['a', 5n],
      ['b', 6n],
    ]);
  });

  test.each([
    ['each of them', () => true],
    ['the step before and behind', (name: string) => name === 'progress.step'],
    ['the first tensor', (name: string) => name === 'a'],
  ])('%s fails: one rejection, and none that nobody hears', async (_, fails) => {
    const trainer = trainerOf((name) => {
      if (fails(name)) throw new NativeError('NATIVE', `${name} is gone`);
      return 1n;
    });
    await expect(trainer.readTogether(['a', 'b'])).rejects.toMatchObject({ code: 'NATIVE' });
    await setTimeout(50);
    expect(unhandled).toEqual([]);
  });
});
