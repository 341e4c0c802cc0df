#!/usr/bin/perl
# hours.pl - nanoseconds of a working-time question asked of Business::Hours, printed as R lines.
# Nine to six, Monday to Friday, with the same kinds of question as calendar.c. "between" is asked of a span
# of ten years worked out beforehand, as its manual advises; "add" looks ahead day by day and gives up after
# 30 days, so it is asked for at most 40 working hours.
use strict;
use warnings;
use Business::Hours;
use Time::HiRes qw(time);

my $seconds = $ARGV[0] || 1;
my $hours = Business::Hours->new;
$hours->business_hours(
    map { $_ => {Name => $_, Start => $_ % 6 ? '9:00' : undef, End => $_ % 6 ? '18:00' : undef} } 0 .. 6);
my $from = 1546819200;    # 2019-01-07
my $span = 3285 * 86400;

my ($n, $t0) = (0, time);
while (time - $t0 < $seconds) {
    $hours->add_seconds($from + int(rand($span)), 60 * int(rand(2400)));
    $n++;
}
printf "R\tBusiness::Hours\tadd\tns\t%.1f\n", (time - $t0) / $n * 1e9;

$hours->for_timespan(Start => $from, End => $from + 3660 * 86400);
($n, $t0) = (0, time);
while (time - $t0 < $seconds) {
    my $t = $from + int(rand($span));
    $hours->between($t, $t + int(rand(30 * 86400)));
    $n++;
}
printf "R\tBusiness::Hours\tbetween\tns\t%.1f\n", (time - $t0) / $n * 1e9;
