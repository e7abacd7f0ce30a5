import type { Block } from './evidence-block.ts';

/** Blocks as GitHub-flavoured Markdown. Every word of them is escaped: nothing that people typed can format, link or hide. */
export function evidenceMarkdown(blocks: readonly Block[]): string {
  return blocks.map((block) => `${written(block)}\n\n`).join('');
}

function written(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escapeMarkdown(block.text)}`;
    case 'paragraph':
      return escapeMarkdown(block.text);
    case 'facts':
      return block.facts.map(([name, value]) => `- **${escapeMarkdown(name)}:** ${addressed(value)}`).join('\n');
    case 'list':
      return block.items.map((item) => `- ${escapeMarkdown(item)}`).join('\n');
    case 'table':
      return [
        line(block.head),
        line(
          block.head.map(() => '---'),
          (cell) => cell,
        ),
        ...block.rows.map((row) => line(row)),
      ].join('\n');
  }
}

function line(cells: readonly string[], dress: (cell: string) => string = escapeMarkdown): string {
  return `| ${cells.map((cell) => dress(cell)).join(' | ')} |`;
}

/**
 * Text of any origin on one line of Markdown. Source: CommonMark 0.31, section 2.4 (any ASCII punctuation may be escaped), and GFM for
 * tables and bare addresses. Signs that steer the reading order or a terminal go.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replace(/^([-=])/, '\\$1')
    .replace(/^(\d{1,9})([.])/, '$1\\$2')
    .replace(/@/g, '&#64;')
    .replace(/:\/\//g, '&#58;//')
    .replace(/\bwww\./gi, (found) => `${found.slice(0, 3)}&#46;`);
}

/** An address of the web is made a link that shows nothing but itself. */
function addressed(value: string): string {
  return /^https?:\/\/[!#-;=?-Z\]_a-z~%&[]+$/.test(value) ? `<${value}>` : escapeMarkdown(value);
}
