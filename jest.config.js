/** Tests run from source through swc; type checks are `npm run typecheck`. One worker: the addon owns the cores. */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/build'],
  maxWorkers: 1,
  testTimeout: 60_000,
};
