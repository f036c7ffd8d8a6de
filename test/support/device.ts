import type { NativeDevice } from '../../ts/native/addon';

/** Where tests of the native library compute: the CPU, or what FLORIGEN_TEST_DEVICE says (the GPU bundle sets it). */
export const testDevice: NativeDevice = process.env.FLORIGEN_TEST_DEVICE === 'cuda' ? 'cuda' : 'cpu';
