import type { ArchiveDeps, ArchiveReader } from './archive-input.ts';
import { accessStores } from './store-access.ts';

/** The archive of the running worker, or of its store started for the command's duration. */
export const openArchive: ArchiveDeps['openArchive'] = async (options) => {
  const access = await accessStores(options);
  const { archive }: { archive: ArchiveReader } = access.stores;
  return {
    read: (range) => archive.read(range),
    get: (id) => archive.get(id),
    close: () => access.close(),
  };
};
