import { DONE, type Performer } from './performing.ts';

export const archive: Performer<'archive'> = async () => DONE;
