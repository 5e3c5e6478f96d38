import type { ArchiveReader } from './archive-input.ts';
import { accessStores } from './store-access.ts';

/** The archive of the running installation, or its store opened for the command's duration. */
export async function openArchive(options: {
  readonly config: string;
  readonly data: string;
}): Promise<ArchiveReader & { close(): Promise<void> }> {
  const { stores, close } = await accessStores(options);
  const { read, get } = stores.archive;
  return { read, get, close };
}
