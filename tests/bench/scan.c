/* The other side of the bench "matching": adverts as arrays in memory, compiled.
 *
 * Knows nothing of rides.matching. Two ways to the same answer: look at every advert (the oracle at
 * sizes where the one in Python would take minutes), or only at those that a table of cells lists
 * near both ends (the fastest thing that an answer in memory could be).
 *
 * Points are unit vectors, lengths metres, times seconds of the wall clock; no change of clocks on
 * the days that the bench asks about.
 */
#include <math.h>
#include <stdint.h>

#define EARTH 6371008.8
#define DAY 86400.0

typedef struct {
    int64_t adverts;
    const int64_t *legs_from;  /* adverts + 1: the legs of each advert */
    const double *legs;        /* 6 for each leg: both ends */
    double *size;              /* metres of each leg, made by prepare() */
    double *normal;            /* 3 for each leg, made by prepare() */
    const int64_t *leaves_from; /* adverts + 1: the departures of each advert */
    const int32_t *leaves;     /* 4 each: weekday or -1, day, second, backwards */
    const int32_t *facts;      /* 5 each: role (0 driver 1 passenger 2 either), seats, valid from,
                                  valid until, place in the order of the adverts' UUIDs */
    const int64_t *cells_from; /* a table of cells: where the list of each begins */
    const int32_t *listed;     /* the lists, adverts ascending */
} store;

typedef struct {
    double a[3], b[3], radius;
    int32_t day, weekday, at, margin, seats; /* at below 0: any time of the day */
} question;

typedef struct { int64_t cost; int32_t order, backwards, advert; } answer;

static double angle(const double *u, const double *v) {
    double x = u[1] * v[2] - u[2] * v[1], y = u[2] * v[0] - u[0] * v[2],
           z = u[0] * v[1] - u[1] * v[0];
    return atan2(sqrt(x * x + y * y + z * z), u[0] * v[0] + u[1] * v[1] + u[2] * v[2]);
}

void prepare(store *s) {
    for (int64_t leg = 0; leg < s->legs_from[s->adverts]; leg++) {
        const double *u = s->legs + 6 * leg, *v = u + 3;
        double *n = s->normal + 3 * leg;
        s->size[leg] = angle(u, v) * EARTH;
        n[0] = u[1] * v[2] - u[2] * v[1];
        n[1] = u[2] * v[0] - u[0] * v[2];
        n[2] = u[0] * v[1] - u[1] * v[0];
        double l = sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
        if (l > 1e-12) for (int i = 0; i < 3; i++) n[i] /= l;
    }
}

static double drive(double m) {
    double slow = m < 15e3 ? m : 15e3, mid = m < 15e3 ? 0 : m < 50e3 ? m - 15e3 : 35e3,
           fast = m < 50e3 ? 0 : m - 50e3;
    return 1.3 * (slow / (50 / 3.6) + mid / (80 / 3.6) + fast / (110 / 3.6));
}

/* Metres from p to a leg (returned) and along it. */
static double near_leg(const store *s, int64_t leg, const double *p, double *along) {
    const double *u = s->legs + 6 * leg, *v = u + 3, *n = s->normal + 3 * leg;
    double size = s->size[leg];
    double sine = n[0] * p[0] + n[1] * p[1] + n[2] * p[2];
    if (size > 1e-6) {
        double x = n[1] * u[2] - n[2] * u[1], y = n[2] * u[0] - n[0] * u[2],
               z = n[0] * u[1] - n[1] * u[0];
        double t = atan2(x * p[0] + y * p[1] + z * p[2],
                         u[0] * p[0] + u[1] * p[1] + u[2] * p[2]) * EARTH;
        if (t >= 0 && t <= size) { *along = t; return fabs(asin(sine)) * EARTH; }
    }
    double first = angle(u, p), last = angle(v, p);
    if (first <= last) { *along = 0; return first * EARTH; }
    *along = size;
    return last * EARTH;
}

static int before(const answer *x, const answer *y) {
    if (x->cost != y->cost) return x->cost < y->cost;
    if (x->order != y->order) return x->order < y->order;
    return x->backwards < y->backwards;
}

static int64_t look(const store *s, const question *q, int64_t one, answer *best, int64_t *kept,
                    int64_t most) {
    const int32_t *f = s->facts + 5 * one;
    if (f[0] == 1 || f[1] < q->seats) return 0;
    double sine = sin(q->radius / EARTH) + 1e-9;
    int64_t from = s->legs_from[one], to = s->legs_from[one + 1];
    int near_a = 0, near_b = 0;
    for (int64_t leg = from; leg < to; leg++) {
        const double *n = s->normal + 3 * leg;
        near_a |= fabs(n[0] * q->a[0] + n[1] * q->a[1] + n[2] * q->a[2]) <= sine;
        near_b |= fabs(n[0] * q->b[0] + n[1] * q->b[1] + n[2] * q->b[2]) <= sine;
    }
    if (!near_a || !near_b) return 0;
    double length = 0;
    for (int64_t leg = from; leg < to; leg++) length += s->size[leg];
    double drives = drive(length), limit = 0.25 * drives > 1200 ? 0.25 * drives : 1200;
    int64_t found = 0;
    for (int back = 0; back < 2; back++) {
        answer mine = {INT64_MAX, f[4], back, (int32_t)one};
        double at_a = 0;
        for (int64_t i = from; i < to; at_a += s->size[i], i++) {
            double pick_up, away_a = near_leg(s, i, q->a, &pick_up);
            if (away_a > q->radius) continue;
            pick_up += at_a;
            double at_b = 0;
            for (int64_t j = from; j < to; at_b += s->size[j], j++) {
                double set_down, away_b = near_leg(s, j, q->b, &set_down);
                if (away_b > q->radius) continue;
                set_down += at_b;
                double shared = back ? pick_up - set_down : set_down - pick_up;
                if (shared < 1.0) continue;
                double walk = (away_a < 500 ? away_a : 500) + (away_b < 500 ? away_b : 500);
                double detour = 2 * 1.3 * (away_a + away_b - walk) / (50 / 3.6);
                if (detour > limit) continue;
                double in = back ? length - pick_up : pick_up;
                double offset = length > 0 ? drives * in / length : 0;
                for (int64_t l = s->leaves_from[one]; l < s->leaves_from[one + 1]; l++) {
                    const int32_t *d = s->leaves + 4 * l;
                    if (d[3] != back) continue;
                    for (int shift = q->at < 0 ? 0 : -1; shift <= (q->at < 0 ? 0 : 1); shift++) {
                        int32_t day = q->day + shift;
                        if (d[0] < 0 ? d[1] != day
                                     : d[0] != (q->weekday + shift + 7) % 7 || day < f[2] || day > f[3])
                            continue;
                        double gap = q->at < 0 ? 0 : fabs(shift * DAY + d[2] + offset - q->at);
                        if (gap > q->margin + 1e-3) continue; /* on the edge counts */
                        int64_t cost = (int64_t)nearbyint(detour + walk / 1.25 + gap);
                        if (cost < mine.cost) mine.cost = cost;
                    }
                }
            }
        }
        if (mine.cost == INT64_MAX) continue;
        found++;
        int64_t place = *kept;
        if (place == most) { if (!before(&mine, &best[most - 1])) continue; place--; }
        else (*kept)++;
        while (place > 0 && before(&mine, &best[place - 1])) { best[place] = best[place - 1]; place--; }
        best[place] = mine;
    }
    return found;
}

/* Look at every advert. Returns how many rides suit; the best ones go to `best`. */
int64_t scan(const store *s, const question *q, answer *best, int64_t most, int64_t *kept) {
    int64_t found = 0;
    *kept = 0;
    for (int64_t one = 0; one < s->adverts; one++) found += look(s, q, one, best, kept, most);
    return found;
}

/* Look at the adverts listed in a cell near A and in one near B; `seen` is one number per advert. */
int64_t by_cells(const store *s, const question *q, const int64_t *near_a, int64_t count_a,
                 const int64_t *near_b, int64_t count_b, int32_t *seen, int32_t turn, answer *best,
                 int64_t most, int64_t *kept) {
    int64_t found = 0;
    *kept = 0;
    for (int64_t i = 0; i < count_a; i++)
        for (int64_t k = s->cells_from[near_a[i]]; k < s->cells_from[near_a[i] + 1]; k++)
            seen[s->listed[k]] = turn;
    for (int64_t i = 0; i < count_b; i++)
        for (int64_t k = s->cells_from[near_b[i]]; k < s->cells_from[near_b[i] + 1]; k++) {
            int32_t one = s->listed[k];
            if (seen[one] != turn) continue;
            seen[one] = turn + 1;
            found += look(s, q, one, best, kept, most);
        }
    return found;
}
