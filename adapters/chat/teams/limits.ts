/**
 * What Teams takes at most. Sources: learn.microsoft.com, "Format your agent messages" (size; the fault is 413 `MessageSizeTooBig`),
 * "Work with Universal Actions for Adaptive Cards" (refresh), "Types of cards" (version, number of actions), app manifest schema
 * "commandLists".
 */
export const LIMITS = {
  /** Bytes of a whole message as UTF-16. Older pages say 40 KB for bots and 28 KB for webhooks. */
  messageBytes: 100 * 1024,
  /** Bytes up to which Microsoft says that a message surely arrives. */
  sureBytes: 80 * 1024,
  /** People who get a view of their own by refresh. */
  refreshUsers: 60,
  /** Newest version of the card schema that Teams knows; what goes beyond it needs a `fallback`. */
  cardVersion: '1.5',
  /** Buttons beside each other; what is beyond belongs into the menu, else clients leave it out. */
  primaryActions: 6,
  commandLists: 3,
  commands: 12,
  commandTitle: 128,
} as const;

/** Our own budgets, well inside the above, so that a card stays readable. Lengths are UTF-16 units. */
export const BUDGET = {
  /**
   * Bytes of a whole message, counted as UTF-16 (2 bytes a unit) as Teams counts. As UTF-8, in which it travels, a unit takes at most
   * 3 bytes: 36 KB at worst, inside every figure that Microsoft ever gave for bots.
   */
  messageBytes: 24 * 1024,
  summary: 300,
  title: 300,
  line: 1500,
  fact: 600,
  label: 100,
  item: 300,
  /** Lists that are shown. */
  lists: 10,
  /** Items of one list that are shown before "and 34 more". */
  items: 20,
  /** Steps of a run that are shown. */
  steps: 10,
  /** Names that are shown of those who are awaited. */
  awaited: 6,
  actionTitle: 80,
  confirmText: 500,
  /** Characters of a button's value; `readPress` takes no more. */
  actionValue: 2000,
  url: 2000,
} as const;
