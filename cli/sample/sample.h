#pragma once

/* sample: makes what a region would have, for trying the system out: organisations, a staff list with a
 * known handful of faulty rows, diagnostics, programmes, four years of work, and expected.json, counted
 * from the generator's own records by plain loops that share nothing with the services.
 *
 * Same REGION, N and S: the same bytes on every machine.
 *
 * rsnms sample REGION [--workers N] [--seed S] DIR     tomsk, yugra, stavropol, khabarovsk; without N, as many
 *            as the region is said to have
 * Errors     0 done; 1 could not be written (said on standard error); 2 the command line is wrong. */
int sample_main(int argc, char **argv);
