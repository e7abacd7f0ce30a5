import { refusal } from '../src/domain/refusal.ts';
import type { Text } from '../src/domain/text.ts';
import type { Reply } from '../src/ports/chat.ts';
import { refused, runButton, tellPrivately } from './shared/answers.ts';
import { shown } from './shared/faults.ts';
import { findNamed, nearest } from './shared/names.ts';
import { type CommandContext, type CommandSpec, command, type HelpTopic, TOPICS } from './shared/spec.ts';
import { usageLines } from './shared/usage.ts';

const TOPIC_NAMES = Object.keys(TOPICS) as readonly HelpTopic[];

/** Explains the commands, from their own shapes. */
export const help = command({
  name: 'help',
  aliases: ['?'],
  summary: 'Explains the commands, or one of them.',
  topic: 'looking',
  examples: ['help', 'help deploying', 'help rollback'],
  forms: [[{ field: 'topic', kind: 'word', needed: false, label: 'topic' }]],
  acts: false,
  async run(context, { topic }) {
    if (topic === undefined) return overview(context, TOPIC_NAMES);
    const spec = findNamed(
      context.commands.map((one) => ({ id: one.name, aliases: one.aliases, spec: one })),
      topic,
    )?.spec;
    if (spec !== undefined) return helpOf(context, spec);
    const name = TOPIC_NAMES.find((one) => one === topic.toLowerCase());
    return name === undefined ? noHelp(context, topic) : overview(context, [name]);
  },
});

function overview({ commands, catalog }: CommandContext, topics: readonly HelpTopic[]): Reply {
  const sections = topics.map((topic) => {
    const items = commands.filter((spec) => spec.topic === topic).flatMap((spec) => commandLines(spec));
    return { title: `${TOPICS[topic]} (${topic})`, items, total: items.length };
  });
  const one = { kind: 'code' as const, text: `${catalog.command} help <command or topic>` };
  const lines: readonly Text[] = [
    [
      'Type it behind ',
      { kind: 'code', text: catalog.command },
      ', or say it to the bot in a thread. ',
      one,
      ' tells more.',
    ],
  ];
  return tellPrivately('neutral', ['What can be typed.'], lines, {
    sections,
    buttons: [{ label: 'Open Form', verb: 'form', value: '', style: 'plain' }],
  });
}

function commandLines(spec: CommandSpec): readonly Text[] {
  return [
    [
      ...usageLines(spec).flatMap(
        (line, index): Text => [...(index === 0 ? [] : [' or ']), { kind: 'code', text: line }],
      ),
      ` · ${spec.summary}`,
    ],
  ];
}

function helpOf({ catalog }: CommandContext, spec: CommandSpec): Reply {
  const usages = usageLines(spec).map((line): Text => [{ kind: 'code', text: `${catalog.command} ${line}` }]);
  const examples = spec.examples.map((line): Text => [{ kind: 'code', text: `${catalog.command} ${line}` }]);
  const also = spec.aliases.length === 0 ? [] : [[`Also: ${spec.aliases.join(', ')}`]];
  return tellPrivately('neutral', [{ kind: 'strong', text: spec.name }, ` · ${spec.summary}`], also, {
    sections: [
      { title: 'How it is typed', items: usages, total: usages.length },
      { title: 'For example', items: examples, total: examples.length },
    ],
  });
}

function noHelp({ commands }: CommandContext, topic: string): Reply {
  const known = [
    ...commands.map(({ name, aliases }) => ({ id: name, aliases })),
    ...TOPIC_NAMES.map((id) => ({ id, aliases: [] })),
  ];
  const buttons = nearest(topic, known).map((name) => runButton(`help ${name}`, `help ${name}`));
  return refused(
    [
      refusal(
        'unknown-command',
        `There is no help on ${shown(topic)}.`,
        `Topics: ${TOPIC_NAMES.join(', ')}. \`help\` alone shows every command.`,
      ),
    ],
    { buttons },
  );
}
