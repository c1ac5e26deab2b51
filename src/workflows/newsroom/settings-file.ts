import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { editJson, type Json } from '../../repo/edit-json.ts';
import { SETTINGS } from '../../repo/places.ts';
import type { Repository } from '../../repo/repository.ts';
import { parseSettings, type Settings } from '../../repo/settings.ts';
import type { FileChange } from './write-together.ts';

/** One member of ovn.json; without a value it goes. */
export interface SettingsEdit {
  path: readonly string[];
  value: Json | undefined;
}

export interface EditedSettings {
  change: FileChange;
  settings: Settings;
}

/**
 * ovn.json with some of its members changed, every other byte as it was.
 *
 * @throws {OvnError} `malformed` for what it may not say.
 */
export function editSettings({ dir }: Repository, edits: readonly SettingsEdit[]): EditedSettings {
  const file = join(dir, SETTINGS);
  const before = readFileSync(file, 'utf8');
  const after = edits.reduce((text, { path, value }) => editJson(text, path, value), before);
  return { change: { file, before, after }, settings: parseSettings(after) };
}
