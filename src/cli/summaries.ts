/** What each command does, in the order of `ovn --help`, which loads none of them. */
export const SUMMARIES = {
  init: 'Make a publication: ovn.json, keys, a first article',
  new: 'Write a source file with its front matter filled in',
  publish: 'Publish what is new or changed',
  correct: 'Write a correction into the source of an article',
  retract: 'Write a retraction, which is final, into the source of an article',
  list: 'List the articles of the head edition, newest first',
  categories: 'List the categories and their CIDs',
  show: 'Show what is known of an article',
  history: 'List the revisions of an article, and why they were made',
  diff: 'Show what is different between two revisions of an article',
  get: 'Retrieve an article',
  verify: 'Check an article, a category or an edition as a stranger would',
  pin: 'Keep a category or anything else',
  gc: 'Free what no pin and no kept edition reaches',
  export: 'Write a CAR file with all of an article, a category or an edition',
  import: 'Take in a CAR file; every block is hashed',
  serve: 'Serve the paper to a browser until stopped',
  key: 'The keyring',
  log: 'What was ever published, and proof of it',
  masthead: 'Who may sign',
  sign: 'Sign a proposed masthead, manifest or article on the machine that has the key',
  backup: 'Write the whole repository to one file, also while others use it',
  restore: 'Make a repository of a backup',
  check: 'Audit the whole repository',
} as const;

export type CommandName = keyof typeof SUMMARIES;
