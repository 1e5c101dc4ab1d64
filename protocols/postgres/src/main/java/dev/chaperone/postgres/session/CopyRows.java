package dev.chaperone.postgres.session;

import dev.chaperone.postgres.copy.CopyFormat;

/**
 * What a COPY TO STDOUT will return.
 *
 * @param format how its rows are written
 * @param shape its columns in order, without masks
 */
record CopyRows(CopyFormat format, RowShape shape) {}
