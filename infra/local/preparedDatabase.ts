import { brotliDecompressSync } from 'node:zlib';

/** The version of the engine that takes the prepared database for one of its own. */
export const PREPARED_FOR = '1.2.1';

/**
 * A database file that holds the engine's table of stream records and nothing else, with three indexes that the engine itself does
 * not make: it looks for the highest sequence number before each record it writes. Node 20 has no SQLite to make the file with. An
 * index of an expression is used only where the query spells the expression the same way.
 *
 *     CREATE INDEX tributary_sequence ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
 *     CREATE INDEX tributary_shard ON _stream_records (table_name, shard_id, CAST(sequence_number AS INTEGER));
 *     CREATE INDEX tributary_range ON _stream_records (table_name, shard_id, sequence_number);
 */
export function preparedDatabase(): Buffer {
  return brotliDecompressSync(Buffer.from(packed.join(''), 'base64'));
}

const packed = [
  'G/9fIMaH9uf7A9AuTohCsm4A49zX4nyey713IKc0luARjLFaW7h+23oBLqItkkkuYYinotvsRmyOpnjhoJh/A0KdfvCBFwowDMKEAOAA4AEA',
  'AGiScyXAoHjDgWPASAFwJVLIVA1qAOAvNUl+EinkjTuLy9dbrczdBzOMO6WNe/sbRSE+BSoBRVg+j9nYGkNikfVTJJshTjJiQiDaVV7cAyya',
  '0dnQdkiYT9HJxHxXc+LB19ZKJIW5hvVNSfXrkaLI2KS38XPvftVsvsvZfL3bytyzETPcoVIUx3CxTrlupFo5Fi+n/Dqm3929UJEZAOzjs+Oj',
  'cYAWDfdMQSo9xubnjsn87Gv0FsUQqX2Wwqk5JiJVORvG3uQ8ciuZqPPOWB6UxQpfJxQ7nMsUlXm1rUy2xKHkJZY1zEtdpUa4lKCylumsR5cd',
  'JQS2Ip1slkM0AtcK0Zwg17JqgPge7R0zdVX7KqEgpLQFzfNFW7XZAwCzFAAUqH66BwAkgH/uCYBIAA==',
];
