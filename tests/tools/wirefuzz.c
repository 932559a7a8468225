// SPDX-License-Identifier: GPL-2.0
/*
 * Sends many frames, sound ones or mutated ones, and watches where they end.
 *
 *   wirefuzz send DEV SMAC DMAC SRC DST PROTO SPORT DPORT COUNT SIZE
 *	COUNT sound frames with SIZE bytes after the network header.
 *   wirefuzz fuzz DEV SMAC DMAC SRC DST PROTO SPORT DPORT COUNT SEED POINT
 *	COUNT mutated ones.  Each says in its last bytes where it came from
 *	(POINT, a letter), which TTL it had, and whether its checksums were
 *	right, wrong, or nobody's business.
 *   wirefuzz watch DEV ROUTE...
 *	Looks at what arrives on DEV until it is told to end.  A ROUTE is a
 *	letter and how many routers lie between that point and here (U1): a
 *	frame from any other point, or with any other TTL, has left the order
 *	of the chain.  Checksums have to be what they were: right or wrong.
 *	Prints how many frames it saw; fails if anything was not so.
 *
 * PROTO is tcp or udp.  The same SEED gives the same frames.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FRAME_MAX	2048
#define BATCH		64
#define ETH		14
#define MAGIC		0x73767173u

enum state { RIGHT = 'r', WRONG = 'w', UNKNOWN = 'u' };

/* The last bytes of every mutated frame. */
struct mark {
	uint32_t magic;
	uint8_t point;
	uint8_t ttl;
	uint8_t state;
	uint8_t zero;
};

struct frame {
	uint8_t b[FRAME_MAX];
	size_t len;
};

/* What a sound frame is made from. */
struct base {
	uint8_t mac[12];
	uint8_t src[16];
	uint8_t dst[16];
	bool v6;
	uint8_t proto;
	uint16_t sport;
	uint16_t dport;
};

static void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("wirefuzz: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	_exit(1);
}

/* xorshift64*: the same everywhere, which rand() is not */
static uint64_t rnd_state;

static uint32_t rnd(void)
{
	rnd_state ^= rnd_state >> 12;
	rnd_state ^= rnd_state << 25;
	rnd_state ^= rnd_state >> 27;
	return (uint32_t)(rnd_state * 0x2545f4914f6cdd1dull >> 32);
}

static uint32_t rnd_below(uint32_t n)
{
	return rnd() % n;
}

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static void put16(uint8_t *p, unsigned int v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static uint32_t sum(const uint8_t *p, size_t len)
{
	uint64_t total = 0;
	size_t i;

	for (i = 0; i < len; i++)
		total += (uint64_t)p[i] << (i & 1 ? 0 : 8);
	return (uint32_t)(total % 0xffff);
}

/* Where the transport header of a well-formed packet is; 0 if it is not one. */
static size_t l4_of(const struct frame *f, uint8_t *proto)
{
	const uint8_t *ip = f->b + ETH;
	size_t off = ETH + 40;
	int i;

	if (f->len < ETH + 48)
		return 0;
	if (get16(f->b + 12) == 0x0800) {
		*proto = ip[9];
		off = ETH + (size_t)(ip[0] & 15) * 4;
		if (ip[0] >> 4 != 4 || off < ETH + 20 || get16(ip + 6) & 0x3fff ||
		    get16(ip + 2) != f->len - ETH)
			return 0;
		return off + 8 <= f->len ? off : 0;
	}
	if (get16(f->b + 12) != 0x86dd || ip[0] >> 4 != 6 ||
	    get16(ip + 4) != f->len - ETH - 40)
		return 0;
	*proto = ip[6];
	for (i = 0; i < 9 && off + 8 <= f->len; i++) {
		if (*proto != 0 && *proto != 60)
			return off;
		*proto = f->b[off];
		off += (size_t)(f->b[off + 1] + 1) * 8;
	}
	return 0;
}

static uint32_t l4_total(const struct frame *f, size_t l4, uint8_t proto)
{
	const uint8_t *ip = f->b + ETH;
	uint32_t total = ip[0] >> 4 == 4 ? sum(ip + 12, 8) : sum(ip + 8, 32);

	return (total + (uint32_t)(f->len - l4) + proto +
		sum(f->b + l4, f->len - l4)) % 0xffff;
}

static size_t l4_field(size_t l4, uint8_t proto)
{
	return l4 + (proto == IPPROTO_TCP ? 16 : 6);
}

/* Are the checksums as they should be?  UNKNOWN if that cannot be said. */
static enum state sums_of(const struct frame *f)
{
	uint8_t proto = 0;
	size_t l4 = l4_of(f, &proto);
	const uint8_t *ip = f->b + ETH;

	if (!l4 || (proto != IPPROTO_TCP && proto != IPPROTO_UDP) ||
	    l4_field(l4, proto) + 2 > f->len)
		return UNKNOWN;
	if (proto == IPPROTO_UDP && (!get16(f->b + l4 + 6) ||
				     get16(f->b + l4 + 4) != f->len - l4))
		return UNKNOWN;
	if (ip[0] >> 4 == 4 && sum(ip, l4 - ETH))
		return WRONG;
	return l4_total(f, l4, proto) ? WRONG : RIGHT;
}

/* Make all checksums right, if the frame is well-formed. */
static void seal(struct frame *f)
{
	uint8_t *ip = f->b + ETH;
	uint8_t proto = 0;
	size_t l4 = l4_of(f, &proto);
	uint8_t *field;

	if (!l4 || l4_field(l4, proto) + 2 > f->len)
		return;
	if (ip[0] >> 4 == 4) {
		put16(ip + 10, 0);
		put16(ip + 10, 0xffff - sum(ip, l4 - ETH));
	}
	if (proto == IPPROTO_UDP)
		put16(f->b + l4 + 4, (unsigned int)(f->len - l4));
	field = f->b + l4_field(l4, proto);
	put16(field, 0);
	put16(field, 0xffff - l4_total(f, l4, proto));
}

/* --- sound frames ---------------------------------------------------------- */

/* @extra bytes of options (IPv4) or extension headers (IPv6), eight by eight */
static void build(struct frame *f, const struct base *base, size_t extra,
		  size_t payload)
{
	size_t l4len = (base->proto == IPPROTO_TCP ? 20 : 8) + payload;
	uint8_t *ip = f->b + ETH, *l4;

	memset(f->b, 0, sizeof(f->b));
	memcpy(f->b, base->mac, 12);
	put16(f->b + 12, base->v6 ? 0x86dd : 0x0800);
	if (base->v6) {
		ip[0] = 0x60;
		put16(ip + 4, (unsigned int)(extra + l4len));
		ip[6] = extra ? 60 : base->proto;
		ip[7] = 64;
		memcpy(ip + 8, base->src, 16);
		memcpy(ip + 24, base->dst, 16);
		l4 = ip + 40 + extra;
		if (extra) {
			ip[40] = base->proto;
			ip[41] = (uint8_t)(extra / 8 - 1);
			ip[42] = 1;	/* PadN */
			ip[43] = (uint8_t)(extra - 4);
		}
	} else {
		ip[0] = (uint8_t)(0x45 + extra / 4);
		put16(ip + 2, (unsigned int)(20 + extra + l4len));
		put16(ip + 6, 0x4000);
		ip[8] = 64;
		ip[9] = base->proto;
		memcpy(ip + 12, base->src, 4);
		memcpy(ip + 16, base->dst, 4);
		memset(ip + 20, 1, extra);	/* NOP */
		l4 = ip + 20 + extra;
	}
	put16(l4, base->sport);
	put16(l4 + 2, base->dport);
	if (base->proto == IPPROTO_TCP) {
		l4[12] = 0x50;
		l4[13] = 0x10;
	}
	f->len = (size_t)(l4 - f->b) + l4len;
	seal(f);
}

/* --- mutated frames -------------------------------------------------------- */

static void put_mark(struct frame *f, uint8_t point, enum state state)
{
	struct mark mark = {
		.magic = htonl(MAGIC),
		.point = point,
		.ttl = f->b[ETH + (get16(f->b + 12) == 0x86dd ? 7 : 8)],
		.state = (uint8_t)state,
	};

	memcpy(f->b + f->len - sizeof(mark), &mark, sizeof(mark));
}

/* Changes that leave the frame well-formed. */
static void mutate_gently(struct frame *f)
{
	uint8_t *ip = f->b + ETH;
	uint8_t proto = 0;
	size_t l4 = l4_of(f, &proto);

	switch (rnd_below(8)) {
	case 0:		/* class, or a bit of the flow label */
		ip[1] = (uint8_t)rnd();
		break;
	case 1:		/* TTL; not so low that a device answers */
		ip[ip[0] >> 4 == 6 ? 7 : 8] = (uint8_t)(8 + rnd_below(248));
		break;
	case 2:		/* a port */
		f->b[l4 + rnd_below(4)] = (uint8_t)rnd();
		break;
	case 3:		/* an address */
		ip[(ip[0] >> 4 == 6 ? 8 + rnd_below(32) : 12 + rnd_below(8))] ^=
			(uint8_t)(1u << rnd_below(8));
		break;
	case 4:		/* identification, don't fragment */
		if (ip[0] >> 4 == 4) {
			put16(ip + 4, rnd() & 0xffff);
			ip[6] ^= 0x40;
		}
		break;
	case 5:		/* flags, window and what follows */
		f->b[l4 + 8 + rnd_below(8)] = (uint8_t)rnd();
		break;
	default:
		break;
	}
}

/* Changes that leave nothing sure: of the first bytes, and of the length. */
static void mutate_wildly(struct frame *f)
{
	uint32_t n = 1 + rnd_below(6), end = 96;

	if (f->len - ETH - sizeof(struct mark) < end)
		end = (uint32_t)(f->len - ETH - sizeof(struct mark));
	while (n--) {
		uint8_t *at = f->b + ETH + rnd_below(end);

		if (rnd_below(2))
			*at = (uint8_t)rnd();
		else
			*at ^= (uint8_t)(1u << rnd_below(8));
	}
	if (!rnd_below(4))
		f->len = ETH + 1 + rnd_below((uint32_t)(f->len - ETH));
}

static void mutate(struct frame *f, const struct base *base, uint8_t point)
{
	struct base b = *base;
	enum state state = RIGHT;
	uint32_t n;

	if (!rnd_below(16))
		b.proto = b.proto == IPPROTO_TCP ? IPPROTO_UDP : IPPROTO_TCP;
	if (!rnd_below(16))
		b.mac[6 + rnd_below(6)] ^= (uint8_t)(1u << rnd_below(8)) & 0xfe;
	build(f, &b, rnd_below(4) ? 0 : 8 * (1 + rnd_below(4)),
	      sizeof(struct mark) + rnd_below(rnd_below(8) ? 64 : 1300));
	if (!rnd_below(3)) {
		put_mark(f, point, UNKNOWN);
		mutate_wildly(f);
		return;
	}
	for (n = rnd_below(4); n; n--)
		mutate_gently(f);
	if (!rnd_below(8))
		state = WRONG;
	put_mark(f, point, state);
	seal(f);
	if (state == WRONG) {
		/* in the byte of the mark that says nothing */
		f->b[f->len - 1] ^= 1;
	}
}

/* --- sending --------------------------------------------------------------- */

static int socket_on(const char *dev, int type)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(type),
		.sll_ifindex = (int)if_nametoindex(dev),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, type ? htons(type) : 0);

	if (fd < 0 || !ll.sll_ifindex ||
	    bind(fd, (struct sockaddr *)&ll, sizeof(ll)))
		die("%s: %m", dev);
	return fd;
}

static struct frame frames[BATCH];

static void send_batch(int fd, unsigned int n)
{
	struct mmsghdr msg[BATCH] = { 0 };
	struct iovec iov[BATCH];
	unsigned int i, done = 0;
	int got;

	for (i = 0; i < n; i++) {
		iov[i].iov_base = frames[i].b;
		iov[i].iov_len = frames[i].len;
		msg[i].msg_hdr.msg_iov = &iov[i];
		msg[i].msg_hdr.msg_iovlen = 1;
	}
	while (done < n) {
		got = sendmmsg(fd, msg + done, n - done, 0);
		if (got > 0)
			done += (unsigned int)got;
		else if (errno != ENOBUFS && errno != EAGAIN)
			die("sending: %m");
	}
}

static void parse_mac(const char *s, uint8_t *to)
{
	struct ether_addr mac;

	if (!ether_aton_r(s, &mac))
		die("bad MAC '%s'", s);
	memcpy(to, &mac, sizeof(mac));
}

static long number(const char *s)
{
	return strtol(s, NULL, 10);
}

static void parse_base(struct base *base, char **arg)
{
	base->v6 = strchr(arg[2], ':');
	parse_mac(arg[1], base->mac);
	parse_mac(arg[0], base->mac + 6);
	if (inet_pton(base->v6 ? AF_INET6 : AF_INET, arg[2], base->src) != 1 ||
	    inet_pton(base->v6 ? AF_INET6 : AF_INET, arg[3], base->dst) != 1)
		die("bad addresses '%s' and '%s'", arg[2], arg[3]);
	base->proto = strcmp(arg[4], "tcp") ? IPPROTO_UDP : IPPROTO_TCP;
	base->sport = (uint16_t)number(arg[5]);
	base->dport = (uint16_t)number(arg[6]);
}

static int do_send(char **arg, bool fuzz)
{
	unsigned long count = strtoul(arg[8], NULL, 10), i;
	unsigned long n = strtoul(arg[9], NULL, 10);
	struct base base = { 0 };
	int fd = socket_on(arg[0], 0);
	unsigned int used = 0;

	parse_base(&base, arg + 1);
	rnd_state = n * 2 + 1;
	for (i = 0; i < count; i++) {
		struct frame *f = &frames[used];

		if (fuzz)
			mutate(f, &base, (uint8_t)arg[10][0]);
		else
			build(f, &base, 0,
			      n - (base.proto == IPPROTO_TCP ? 20 : 8));
		if (++used == BATCH || i + 1 == count) {
			send_batch(fd, used);
			used = 0;
		}
	}
	return 0;
}

/* --- watching -------------------------------------------------------------- */

static unsigned long seen, known, faults;

static void fault(const struct frame *f, const char *what)
{
	size_t i;

	if (faults++ >= 10)
		return;
	printf("fault: %s:", what);
	for (i = 0; i < f->len && i < 128; i++)
		printf(" %02x", f->b[i]);
	putchar('\n');
}

static void look(const struct frame *f, char **route, int n)
{
	enum state state;
	struct mark mark;
	uint8_t ttl, proto = 0;
	int i, lost = -1;

	if (f->len < ETH + 28 + sizeof(mark))
		return;
	memcpy(&mark, f->b + f->len - sizeof(mark), sizeof(mark));
	if (ntohl(mark.magic) != MAGIC)
		return;
	l4_of(f, &proto);
	if (proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6)
		return;		/* it quotes one */
	seen++;
	for (i = 0; i < n; i++)
		if (route[i][0] == mark.point)
			lost = (int)number(route[i] + 1);
	ttl = f->b[ETH + (f->b[ETH] >> 4 == 6 ? 7 : 8)];
	if (lost < 0)
		fault(f, "comes from where it must not");
	else if (mark.state != UNKNOWN && ttl != mark.ttl - lost)
		fault(f, "has not been where it should have been");
	state = sums_of(f);
	if (mark.state == UNKNOWN || state == UNKNOWN)
		return;
	known++;
	if (state != (enum state)mark.state)
		fault(f, state == RIGHT ? "looks right and was wrong" :
		      "has a wrong checksum");
}

static volatile sig_atomic_t ended;

static void end(int sig)
{
	(void)sig;
	ended = 1;
}

static int do_watch(char **arg, int n)
{
	struct sigaction act = { .sa_handler = end };
	struct timeval tick = { .tv_usec = 200000 };
	int fd = socket_on(arg[0], ETH_P_ALL);
	int room = 64 << 20;
	struct frame f;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof(tick));
	sigaction(SIGTERM, &act, NULL);
	puts("watching");
	fflush(stdout);
	for (;;) {
		struct sockaddr_ll from;
		socklen_t len = sizeof(from);
		ssize_t got = recvfrom(fd, f.b, sizeof(f.b), MSG_TRUNC,
				       (struct sockaddr *)&from, &len);

		/* all that came before the end is looked at */
		if (got < 0) {
			if (ended)
				break;
			continue;
		}
		if (from.sll_pkttype == PACKET_OUTGOING ||
		    (size_t)got > sizeof(f.b))
			continue;
		f.len = (size_t)got;
		look(&f, arg + 1, n - 1);
	}
	printf("%lu frames, %lu with a checksum to check, %lu faults\n", seen,
	       known, faults);
	return faults > 0;
}

int main(int argc, char **argv)
{
	if (argc == 12 && !strcmp(argv[1], "send"))
		return do_send(argv + 2, false);
	if (argc == 13 && !strcmp(argv[1], "fuzz"))
		return do_send(argv + 2, true);
	if (argc >= 3 && !strcmp(argv[1], "watch"))
		return do_watch(argv + 2, argc - 2);
	die("usage: send|fuzz|watch; see the source");
}
