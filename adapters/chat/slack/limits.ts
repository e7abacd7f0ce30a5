/**
 * What Slack takes at most. Breaking one of them loses the whole message (`invalid_blocks`), so renderers clip to these.
 * Sources: comments in `@slack/types` 3.2 (`block-kit/*.d.ts`, `views.d.ts`), docs.slack.dev reference of `views.open`
 * and `chat.update`. Lengths are UTF-16 units.
 */
export const LIMITS = {
  messageBlocks: 50,
  viewBlocks: 100,
  viewBytes: 250_000,
  header: 150,
  section: 3000,
  field: 2000,
  fieldsPerSection: 10,
  contextElements: 10,
  actions: 25,
  overflow: 5,
  options: 100,
  optionText: 75,
  optionValue: 75,
  optionHint: 75,
  buttonText: 75,
  buttonValue: 2000,
  buttonUrl: 3000,
  accessibilityLabel: 75,
  id: 255,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  modalTitle: 24,
  modalButton: 24,
  inputLabel: 2000,
  inputLength: 3000,
  privateMetadata: 3000,
  /** `chat.update` refuses longer fallback texts with `msg_too_long`. */
  text: 4000,
} as const;

/** Our own budgets, well inside the above, so that a card stays readable and a request small. */
export const BUDGET = {
  /** Characters of an announcement's summary. */
  summary: 300,
  /** Characters of all texts of one message together. */
  message: 12_000,
  /** Items of one section that are shown before "and 34 more". */
  items: 20,
  /** Steps of a run that are shown. */
  steps: 10,
} as const;

/** How fast Slack lets us speak. Sources: docs.slack.dev rate limits; Slack's own advice on editing progress messages. */
export const PACE = {
  /** `chat.postMessage`: one a second and channel, short bursts allowed. */
  postEveryMs: 1000,
  postBurst: 4,
  /** One card is not edited for mere progress more often than this. */
  updateFloorMs: 3000,
  /** `chat.update`: 50 a minute and workspace, less a fifth as headroom, shared by all live cards. */
  updatePerCardMs: 1250,
  /** A card without news for this long no longer takes part in the sharing. */
  liveMs: 10 * 60_000,
  /** Assumed when Slack says 429 without saying how long. */
  unknownRetryMs: 10_000,
} as const;
