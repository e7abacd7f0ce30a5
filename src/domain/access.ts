/** What somebody may be allowed to do beyond looking and deciding on requests. */
export const RIGHTS = {
  deploy: 'ask for deployments',
  cancel: 'cancel what others asked for',
  rollback: 'roll back',
  lock: 'lock and unlock',
  hotfix: 'ask for hotfixes',
  override: 'deploy although a rule speaks against it',
  steal: "take over or open somebody else's lock",
} as const;
export type Right = keyof typeof RIGHTS;
export const RIGHT_NAMES = Object.keys(RIGHTS) as readonly Right[];

/** Rights that nobody has unless the configuration gives them. The others everybody known has while it says nothing about any. */
export const GUARDED_RIGHTS: readonly Right[] = ['hotfix', 'override', 'steal'];

/**
 * Who has which right on a target, by groups; `*` stands for everybody known. Once anything is said, a right that is not named is nobody's.
 */
export type Access = Readonly<Partial<Record<Right, readonly string[]>>>;
