// Statements that leave together: each with its own messages, one Sync behind them all. Talks to: Postgres.
// pg sends a Sync with every statement, and the server answers every Sync in a write of its own: a transaction of twelve
// statements would be twelve answers that wake this process. Here it is one. Row descriptions of named statements are
// remembered, so that only the rows come back.
// A statement that fails takes those behind it along, as it would in any transaction (25P02).

import type { Writable } from 'node:stream';
import pg from 'pg';
import { isOutdated } from './database-errors.ts';
import { toWire } from './wire-values.ts';

type Wired = ReturnType<typeof toWire>;

/** What pg's own Query is given to speak with. */
interface Wire {
  readonly stream: Writable;
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: readonly Wired[] }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(message: object): void;
  close(message: { type: 'S'; name: string }): void;
  sync(): void;
}

export interface Outgoing {
  readonly text: string;
  readonly values: readonly unknown[];
  /** '': not kept by the server. */
  readonly name: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a row's shape is stated by the caller, who wrote the SQL.
export type Row = Record<string, any>;

export interface Answer {
  readonly rows: Row[];
  /** The first word of the command tag: COMMIT, ROLLBACK, INSERT. */
  readonly command: string;
}

interface Column {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

/** What is known of a statement prepared on one connection. */
interface Prepared {
  readonly text: string;
  /** Undefined until the first answer. */
  columns?: readonly Column[];
  /** It failed at first use, or one was outdated: nobody knows whether the server keeps it. */
  isDoubtful?: boolean;
}

const preparedOf = new WeakMap<Wire, Map<string, Prepared>>();

interface Passenger extends Outgoing {
  readonly values: readonly Wired[];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  readonly rows: Row[];
  columns: readonly Column[] | undefined;
  command: string;
}

interface ColumnDescription {
  readonly name: string;
  readonly dataTypeID: number;
}

/** One Sync's worth of statements, as pg's queue takes it. */
class Flight extends pg.Query {
  readonly #passengers: readonly Passenger[];
  readonly #types: pg.CustomTypesConfig;
  #prepared = new Map<string, Prepared>();
  /** How many have answered. */
  #done = 0;
  /** Set by pg's client, which counts the time until it is called. */
  declare callback: (error: unknown, result?: unknown) => void;

  constructor(passengers: readonly Passenger[], types: pg.CustomTypesConfig) {
    super('');
    this.#passengers = passengers;
    this.#types = types;
    this.callback = () => {};
  }

  override submit = (connection: unknown): undefined => {
    const wire = connection as Wire;
    const prepared = preparedOf.get(wire) ?? new Map<string, Prepared>();
    preparedOf.set(wire, prepared);
    this.#prepared = prepared;
    for (const passenger of this.#passengers) this.#board(wire, passenger);
    wire.sync();
  };

  #board(wire: Wire, passenger: Passenger): void {
    const { name, text, values } = passenger;
    let known = name === '' ? undefined : this.#prepared.get(name);
    if (known && (known.isDoubtful || known.text !== text)) {
      wire.close({ type: 'S', name });
      known = undefined;
    }
    if (!known) {
      wire.parse({ name, text });
      if (name !== '') this.#prepared.set(name, { text });
    }
    wire.bind({ statement: name, values });
    passenger.columns = known?.columns;
    if (!passenger.columns) wire.describe({ type: 'P', name: '' });
    wire.execute({});
  }

  handleRowDescription({ fields }: { fields: readonly ColumnDescription[] }): void {
    this.#passengers[this.#done]!.columns = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: this.#types.getTypeParser(dataTypeID, 'text'),
    }));
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const { columns = [], rows } = this.#passengers[this.#done]!;
    const row: Row = {};
    for (let at = 0; at < columns.length; at += 1) {
      const { name, parse } = columns[at]!;
      const text = fields[at] ?? null;
      row[name] = text === null ? null : parse(text);
    }
    rows.push(row);
  }

  handleCommandComplete({ text }: { text: string }): void {
    const passenger = this.#passengers[this.#done]!;
    passenger.command = /^[A-Z]+/.exec(text)?.[0] ?? '';
    const { name, text: statement, columns = [] } = passenger;
    if (name !== '') this.#prepared.set(name, { text: statement, columns });
    this.#done += 1;
  }

  handleEmptyQuery(): void {
    this.#done += 1;
  }

  handleReadyForQuery(): void {
    for (const { resolve, rows, command } of this.#passengers) resolve({ rows, command });
    this.callback(null);
  }

  /** Of a statement, or of the connection: then nobody behind it was heard either. */
  handleError(error: Error & { severity?: string }): void {
    const isStatements = error.severity === 'ERROR';
    // What ran outside of a transaction is committed only at the Sync, where a deferred constraint can still fail it.
    const isLate = this.#done === this.#passengers.length && this.#passengers.at(-1)?.command !== 'COMMIT';
    const failed = isLate ? this.#done - 1 : this.#done;
    for (const [at, passenger] of this.#passengers.entries()) {
      const { name, text, resolve, reject, rows, command, columns } = passenger;
      if (at < failed) {
        resolve({ rows, command });
        continue;
      }
      if (name !== '' && !columns) this.#prepared.set(name, { text, isDoubtful: true });
      reject(at === failed || !isStatements ? error : skipped());
    }
    // Then the others are as a rule as well.
    if (isOutdated(error)) {
      for (const [name, { text }] of this.#prepared) this.#prepared.set(name, { text, isDoubtful: true });
    }
    this.callback(error);
  }
}

function skipped(): Error {
  return Object.assign(new Error('Not run: a statement before it failed.'), { code: '25P02' });
}

/** Where statements wait for each other until they leave. */
export interface Departures {
  /** Leaves with whatever else is sent before this process waits for something. */
  send(statement: Outgoing): Promise<Answer>;
}

export interface DepartureOptions {
  readonly types: pg.CustomTypesConfig;
  /** A Sync behind every statement: a sharding router decides at each where it goes. */
  readonly isSyncedEach: boolean;
}

/** Refused by the server, and with it the transaction, as any statement that fails. */
const unsendable = { text: 'a value that cannot be sent', values: [], name: '' };

function boarding(statement: Outgoing, reject: (error: unknown) => void): Pick<Passenger, 'text' | 'values' | 'name'> {
  try {
    return { ...statement, values: statement.values.map(toWire) };
  } catch (error) {
    reject(error);
    return unsendable;
  }
}

export function openDepartures(client: pg.ClientBase, { types, isSyncedEach }: DepartureOptions): Departures {
  let waiting: Passenger[] = [];

  function leave(): void {
    const passengers = waiting;
    waiting = [];
    const { stream } = (client as unknown as { connection: Wire }).connection;
    stream.cork();
    try {
      const flights = isSyncedEach ? passengers.map((each) => [each]) : [passengers];
      for (const flight of flights) client.query(new Flight(flight, types));
    } finally {
      stream.uncork();
    }
  }

  return {
    send: (statement) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) process.nextTick(leave);
        waiting.push({ ...boarding(statement, reject), resolve, reject, rows: [], columns: undefined, command: '' });
      }),
  };
}
