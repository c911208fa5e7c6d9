/** Every limit of the product, with its unit in its name. Nothing else in the code repeats these numbers. */
export const limits = {
  requestBodyMaxBytes: 65_536,
  requestJsonMaxDepth: 12,
  correlationIdMaxCharacters: 64,

  /** A card as JSON, everything included (CA7). */
  cardMaxBytes: 8_192,
  /**
   * Part of {@link cardMaxBytes} kept free for what only the server writes into a card: a rank of 128 characters, both
   * check times, carriedFrom, updatedBy. So a move never grows a card beyond its limit.
   */
  cardServerPartMaxBytes: 1_024,
  boardMaxCards: 500,
  cardMaxServices: 20,
  shopMaxServices: 1_000,
  shopMaxTechnicians: 50,

  nameMaxCharacters: 120,
  phoneMaxCharacters: 40,
  emailMaxCharacters: 254,
  vehicleTextMaxCharacters: 60,
  plateMaxCharacters: 20,
  vinMaxCharacters: 17,
  vehicleYearMin: 1886,
  vehicleYearMax: 2100,
  notesMaxCharacters: 2_000,
  descriptionMaxCharacters: 1_000,
  serviceCodeMaxCharacters: 20,
  searchMaxCharacters: 100,
  mutationIdMaxCharacters: 64,
  shopIdMaxCharacters: 40,

  moneyMaxCents: 100_000_000,
  serviceMaxMinutes: 10_080,
  yearMin: 2000,
  yearMax: 2099,

  rankMaxCharacters: 128,
  respacedMaxCards: 25,
  mutationsRemembered: 4,
  undoWindowMs: 60_000,
  tombstoneKeptMs: 7 * 86_400_000,

  servicesPageDefaultItems: 50,
  servicesPageMaxItems: 200,

  /** A revision's ops as JSON; with its envelope a message stays under {@link serverMessageMaxBytes} (LV3, LV9). */
  revisionMaxBytes: 28_672,
  /** A batch that would take more revisions than these becomes one reset. */
  batchMaxRevisions: 8,
  serverMessageMaxBytes: 32_768,
  clientMessageMaxBytes: 4_096,
  changesMaxBytes: 262_144,
  changeKeptMs: 48 * 3_600_000,
  ticketValidMs: 30_000,

  /** How long somebody stays signed in (AU2). */
  sessionValidMs: 12 * 3_600_000,
  /** How long a sign-in may take, from leaving for the issuer to coming back. */
  signInValidMs: 600_000,
  /** How long the issuer may take to answer one request. */
  issuerTimeoutMs: 5_000,
  /** How long a paired device may be away: a TV, and everybody else. Whenever it is seen, that begins anew. */
  viewerDeviceValidMs: 180 * 86_400_000,
  staffDeviceValidMs: 30 * 86_400_000,
  /** That a device was seen is written so often at most. */
  deviceSeenEveryMs: 3_600_000,
  shopMaxDevices: 200,
  pairingCodeCharacters: 8,
  pairingValidMs: 600_000,
  /** Wrong tries that end a code. */
  pairingMaxTries: 5,
  /** Codes entered from one address, and in all, within {@link pairingTriesWindowMs}. */
  pairingTriesPerAddress: 20,
  pairingTriesInAll: 300,
  pairingTriesWindowMs: 600_000,
  returnToMaxCharacters: 2_000,

  postTimeoutMs: 300,
  batchPostMaxMs: 2_000,
  /** A client's messages on one connection in {@link clientMessagesWindowMs}, before they are too frequent. */
  clientMessagesMax: 40,
  clientMessagesWindowMs: 10_000,
  /** Errors on one connection in {@link clientMessagesWindowMs} that end it. */
  clientErrorsMax: 10,
  connectionIdleMaxMs: 600_000,
  connectionLifeMaxMs: 7_200_000,

  /** What a client is told to wait after `unavailable`. */
  retryAfterSeconds: 1,
} as const;

/** What a pairing code consists of: nothing that is mistaken for another when it is read aloud or off a screen. */
export const pairingCodeAlphabet = "23456789ABCDEFGHJKMNPQRTUVWXYZ";
