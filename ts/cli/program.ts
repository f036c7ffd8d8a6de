import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { addDatasetCommands } from './commands/dataset';
import { addDemoCommand } from './commands/demo';
import { addEncoderCommands } from './commands/encoder';
import { addEvaluateCommands } from './commands/evaluate';
import { addFeaturesCommands } from './commands/features';
import { addGenerateCommand } from './commands/generate';
import { addExportCommand, addInspectCommand } from './commands/inspect';
import { addDoctorCommand, addLibtorchCommands } from './commands/setup';
import { addTrainCommand } from './commands/train';
import type { Session } from './context';

const epilogue = `
From nothing to pictures:
  florigen demo                                  data, training and pictures in some ten minutes
  florigen dataset build --out data/flowers.safetensors
  florigen train --run runs/flowers
  florigen generate --model runs/flowers --prompt "a violet bloom with a yellow heart" --out flower.png

Exit codes: 0 done; 1 failed; 2 wrong usage; 130 stopped by Ctrl-C, 143 by SIGTERM (work is saved, and continues).
Results go to standard output, progress to standard error; --json prints JSON lines for programs instead.
FLORIGEN_DEBUG=1 adds the stack trace to an error. FLORIGEN_HOME moves the cache that holds LibTorch.`;

/** The whole tree of commands; nothing here loads LibTorch, sharp or, except for `train`, the option schema. */
export async function buildProgram(session: Session, args: string[]): Promise<Command> {
  const program = new Command('florigen')
    .description('Text-to-image GANs: trained in C++ over LibTorch, driven from TypeScript.')
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain the program, or the command before it')
    .addHelpText('after', epilogue);
  addDemoCommand(program, session);
  addDatasetCommands(program, session);
  await addTrainCommand(program, session, { withSchema: args.includes('train') });
  addGenerateCommand(program, session);
  await addFeaturesCommands(program, session, {
    withSchema: args.includes('features') && args.includes('train'),
  });
  await addEncoderCommands(program, session, {
    withSchema: args.includes('encoder') && args.includes('train'),
  });
  addEvaluateCommands(program, session);
  addInspectCommand(program, session);
  addExportCommand(program, session);
  addDoctorCommand(program, session);
  addLibtorchCommands(program, session);
  refineAll(program);
  return program;
}

/** Every command throws instead of exiting, suggests what was meant, and is silent about it. */
function refineAll(command: Command): void {
  command
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .showSuggestionAfterError();
  command.configureHelp({
    helpWidth: Math.min(process.stdout.columns || 110, 110),
    showGlobalOptions: false,
  });
  for (const inner of command.commands) refineAll(inner);
}

/** `florigen` and `florigen dataset` alone ask for an explanation. */
export function withHelpForGroups(program: Command, args: string[]): string[] {
  let command = program;
  for (const word of args) {
    const inner = command.commands.find((candidate) => candidate.name() === word);
    if (inner === undefined) return args;
    command = inner;
  }
  return command.commands.length > 0 ? [...args, '--help'] : args;
}

function readVersion(): string {
  return JSON.parse(readFileSync(path.join(__dirname, '../../package.json'), 'utf8')).version;
}
