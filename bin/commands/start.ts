import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { faultText, loadConfiguration } from '../../src/config/load.ts';
import { type LoadedWhole, readSaved, type SavedText, watchConfiguration } from '../../src/config/watch.ts';
import { LOG_LEVELS, type LogLevel, standardLog } from '../../src/log.ts';
import { systemClock } from '../../src/system/clock.ts';
import { assemble, type Program } from '../assemble.ts';

import { configurationParts } from '../parts.ts';
import { CONFIGURATION_FILE } from './config.ts';
import { DATA_FOLDER } from './installation.ts';
import { type CommandIo, ended } from './io.ts';

interface StartWish {
  readonly config: string;
  readonly data: string;
  readonly port?: string;
  readonly host?: string;
  readonly logLevel?: string;
}

/** `start`: with a configuration, or with the demo when there is none. */
export function addStartCommand(program: Command, version: string, io: CommandIo): void {
  program
    .command('start')
    .description('Run Countersign. Without a configuration file it runs a demo that needs no account anywhere.')
    .option('--config <file>', 'the configuration file', CONFIGURATION_FILE)
    .option('--data <folder>', 'where everything is kept', DATA_FOLDER)
    .option('--port <number>', 'port of the web server (default: 4400, or as configured)')
    .option('--host <address>', 'address of the web server (default: 127.0.0.1, or as configured)')
    .option('--log-level <level>', LOG_LEVELS.join(', '))
    .action((wish: StartWish, command: Command) => {
      const named = command.getOptionValueSource('config') === 'cli';
      return ended(io, () => start(wish, named, version, io));
    });
}

interface Setting {
  readonly saved: SavedText;
  readonly file: string;
  readonly hello: (url: string) => string;
  readonly before: () => Promise<void>;
  readonly after: () => Promise<void>;
  readonly level: LogLevel;
}

async function start(wish: StartWish, named: boolean, version: string, io: CommandIo): Promise<number> {
  const dataFolder = resolve(wish.data);
  mkdirSync(dataFolder, { recursive: true });
  const setting = named || existsSync(wish.config) ? await fileSetting(wish.config) : await demoSetting(dataFolder);
  const loaded = loadConfiguration(setting.saved.text, setting.file, configurationParts());
  if (!loaded.ok) {
    for (const fault of loaded.faults) io.err(`${faultText(setting.file, fault)}\n`);
    return 1;
  }
  await setting.before();
  const program = await run(wish, setting, { ...loaded, saved: setting.saved }, dataFolder, version);
  io.out(setting.hello(program.url));
  await stopSignal();
  io.err('Stopping: what is under way is finished first.\n');
  await program.stop();
  await setting.after();
  return 0;
}

async function run(
  wish: StartWish,
  setting: Setting,
  loaded: LoadedWhole,
  dataFolder: string,
  version: string,
): Promise<Program> {
  const clock = systemClock();
  const log = standardLog(levelOf(wish.logLevel) ?? setting.level);
  const port = wish.port === undefined ? {} : { port: portOf(wish.port) };
  const host = wish.host === undefined ? {} : { host: wish.host };
  const program = await assemble({
    loaded,
    dataFolder,
    home: dirname(resolve(setting.file)),
    version,
    log,
    clock,
    ...port,
    ...host,
  });
  const watch = watchConfiguration({
    file: resolve(setting.file),
    saved: setting.saved,
    parts: configurationParts(),
    clock,
    log,
    changed: (next) => {
      if (needsRestart(loaded, next)) log.warn({}, 'the web server and the database change only with a restart');
      return program.reconfigure(next);
    },
    superseded: program.superseded,
    refused: () => undefined,
  });
  process.on('SIGHUP', () => void watch.look());
  return {
    ...program,
    async stop() {
      watch.close();
      await program.stop();
    },
  };
}

function needsRestart(one: LoadedWhole, other: LoadedWhole): boolean {
  const fixed = ({ configuration: { web, database } }: LoadedWhole) => JSON.stringify({ web, database });
  return fixed(one) !== fixed(other);
}

async function fileSetting(file: string): Promise<Setting> {
  const saved = await readSaved(file).catch(() => {
    throw new Error(
      `${file} cannot be read. Copy countersign.example.yaml, or start without --config to see the demo.`,
    );
  });
  const nothing = async () => undefined;
  return {
    saved,
    file,
    level: 'info',
    before: nothing,
    after: nothing,
    hello: (url) => `Countersign is ready: ${url}\n`,
  };
}

async function demoSetting(dataFolder: string): Promise<Setting> {
  // Only whoever runs the demo needs its code.
  const { openDemo } = await import('../demo-setting.ts');
  const demo = await openDemo(dataFolder);
  return {
    saved: await readSaved(demo.file),
    file: demo.file,
    level: 'warn',
    before: demo.resume,
    after: demo.stop,
    hello: demo.hello,
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`"${text}" is no port. Use a number from 0 to 65535.`);
}

function levelOf(text: string | undefined): LogLevel | undefined {
  if (text === undefined) return undefined;
  const found = LOG_LEVELS.find((level) => level === text);
  if (found === undefined) throw new Error(`"${text}" is no log level. Known are ${LOG_LEVELS.join(', ')}.`);
  return found;
}

/** Resolves at the first wish to stop; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolveStop) => {
    let asked = false;
    const stop = () => {
      if (asked) process.exit(1);
      asked = true;
      resolveStop();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
