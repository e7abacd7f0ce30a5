/** A card in Microsoft's words; what elements may hold is told by their schema, and tested against it. */
export interface AdaptiveCard {
  readonly type: 'AdaptiveCard';
  readonly $schema: string;
  readonly version: '1.5';
  /** ISO 639-1; absent: as the client speaks. */
  readonly lang?: string;
  readonly body: readonly CardElement[];
  readonly actions?: readonly CardElement[];
  readonly refresh?: { readonly action: CardElement; readonly userIds: readonly string[] };
  readonly fallbackText?: string;
  /** Read aloud in place of the card. */
  readonly speak?: string;
  readonly msteams?: { readonly width?: 'Full'; readonly entities?: readonly Mention[] };
}

export type CardElement = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Somebody whose bell rings; `text` stands in the card word for word. */
export interface Mention {
  readonly type: 'mention';
  readonly text: string;
  readonly mentioned: { readonly id: string; readonly name: string };
}

/** A message as the Bot Connector takes it. */
export interface OutgoingActivity {
  readonly type: 'message';
  /** What a notification gives. */
  readonly summary: string;
  readonly attachments: readonly {
    readonly contentType: 'application/vnd.microsoft.card.adaptive';
    readonly content: AdaptiveCard;
  }[];
  /** Set for a message that only this member of the conversation sees. */
  readonly recipient?: { readonly id: string; readonly isTargeted: true };
}

/** A conversation and the connector that serves it. In a channel the id ends in `;messageid=` and the thread's root. */
export interface Address {
  readonly serviceUrl: string;
  readonly conversation: string;
}

/** Somebody in a conversation, as the roster has it. */
export interface Member {
  /** The bot's own id of the person, `29:...`. */
  readonly id: string;
  readonly name: string;
  /** Object id in Entra; absent for people without an account there. */
  readonly aad?: string;
  readonly email?: string;
  readonly principal?: string;
  readonly tenant?: string;
  /** `user`, `guest`, `anonymous`, ... */
  readonly role?: string;
}
