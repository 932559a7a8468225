// SPDX-License-Identifier: GPL-2.0
/*
 * The benchmark's small helper inside the guest.
 *
 *   wire check DEV COUNT KEY=VALUE... -- COMMAND...
 *	Runs COMMAND, which sends COUNT packets, and proves of every one that
 *	arrives on DEV that it looks as it should.
 *   wire map NAME COUNT DMAC SMAC IFINDEX SERVICE PORT SERVER SPORT
 *	Fills the hash map NAME of the tc-bpf peer.
 *   wire start
 *	Starts pktgen in this namespace and waits until it is done.
 *   wire arm
 *	Tells the profiler, if there is one, that the next start counts.
 *   wire around COMMAND...
 *	Runs the command; for the profiler that is a start, too.
 *
 * A figure for packets that arrive with a wrong checksum, or at the wrong
 * server, would be worse than none; hence every packet is looked at, not a
 * sample.  Linked statically, since the guest has next to nothing in it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peer.h"

#define MAX_FLOWS	65536

static void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("wire: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(1);
}

/* A field that counts up from @base, @n values long, in step with the flow. */
struct range {
	uint64_t base;
	uint32_t n;
	uint32_t lag;
};

static uint64_t parse_mac(const char *s)
{
	unsigned int b[6];
	uint64_t v = 0;
	int i;

	if (sscanf(s, "%x:%x:%x:%x:%x:%x", b, b + 1, b + 2, b + 3, b + 4,
		   b + 5) != 6)
		die("bad MAC '%s'", s);
	for (i = 0; i < 6; i++)
		v = v << 8 | b[i];
	return v;
}

static uint32_t parse_ip(const char *s)
{
	struct in_addr a;

	if (inet_pton(AF_INET, s, &a) != 1)
		die("bad address '%s'", s);
	return ntohl(a.s_addr);
}

/* VALUE or VALUE+N */
static struct range parse_range(const char *key, char *s)
{
	char *plus = strchr(s, '+');
	struct range r = { .n = 1 };

	if (plus) {
		*plus = 0;
		r.n = strtoul(plus + 1, NULL, 10);
	}
	/* pktgen steps everything before the first packet, this one after. */
	if (!strcmp(key, "dmac"))
		r.lag = 1;
	if (!strcmp(key, "dmac") || !strcmp(key, "smac"))
		r.base = parse_mac(s);
	else if (!strcmp(key, "src") || !strcmp(key, "dst"))
		r.base = parse_ip(s);
	else
		r.base = strtoul(s, NULL, 10);
	if (!r.n)
		die("empty range for %s", key);
	return r;
}

static uint64_t mac_of(const uint8_t *p)
{
	uint64_t v = 0;
	int i;

	for (i = 0; i < 6; i++)
		v = v << 8 | p[i];
	return v;
}

/* RFC 1071 sum; zero after folding and inverting when the sum is right. */
static uint32_t sum16(const uint8_t *p, size_t len, uint32_t sum)
{
	for (; len > 1; p += 2, len -= 2)
		sum += p[0] << 8 | p[1];
	if (len)
		sum += p[0] << 8;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

enum { DMAC, SMAC, SRC, DST, SPORT, DPORT, TTL, TOS, N_KEYS };
static const char * const keys[N_KEYS] = {
	"dmac", "smac", "src", "dst", "sport", "dport", "ttl", "tos"
};

static struct range want[N_KEYS];

/* What follows the MAC addresses: the type of the frame, and perhaps a header
 * before the packet.
 */
static uint8_t head[16] = { 8, 0 };
static size_t head_len = 2;

static void parse_head(const char *s)
{
	char byte[3] = "";

	for (head_len = 0; *s; s += 2) {
		if (!s[1] || head_len == sizeof(head))
			die("no header: %s", s);
		memcpy(byte, s, 2);
		head[head_len++] = strtoul(byte, NULL, 16);
	}
}

/*
 * The flow is known by the field with the most values (the clients); every
 * other field must then have the value that belongs to that flow.
 */
static uint32_t check_one(const uint8_t *p, size_t len)
{
	const size_t hlen = 2 * ETH_ALEN + head_len;
	const struct iphdr *ip = (const void *)(p + hlen);
	const struct udphdr *udp = (const void *)(ip + 1);
	uint64_t got[N_KEYS], flow;
	uint32_t pseudo;
	int i, by = SRC;

	if (len < hlen + sizeof(*ip) + sizeof(*udp))
		die("a packet of %zu bytes", len);
	if (memcmp(p + 2 * ETH_ALEN, head, head_len))
		die("another header");
	if (ip->ihl != 5 || ip->version != 4 ||
	    ip->protocol != IPPROTO_UDP)
		die("not plain IPv4 and UDP");
	if ((size_t)ntohs(ip->tot_len) + hlen != len)
		die("IP says %u bytes, the frame has %zu", ntohs(ip->tot_len),
		    len - hlen);
	if (fold(sum16((const void *)ip, sizeof(*ip), 0)))
		die("bad IP checksum");
	if (!udp->check)
		die("no UDP checksum");
	pseudo = sum16((const void *)&ip->saddr, 8, IPPROTO_UDP) +
		 ntohs(udp->len);
	if (fold(sum16((const void *)udp, ntohs(udp->len), pseudo)))
		die("bad UDP checksum");

	got[DMAC] = mac_of(p);
	got[SMAC] = mac_of(p + 6);
	got[SRC] = ntohl(ip->saddr);
	got[DST] = ntohl(ip->daddr);
	got[SPORT] = ntohs(udp->source);
	got[DPORT] = ntohs(udp->dest);
	got[TTL] = ip->ttl;
	got[TOS] = ip->tos;

	for (i = 0; i < N_KEYS; i++)
		if (want[i].n > want[by].n)
			by = i;
	flow = got[by] - want[by].base;
	if (flow >= want[by].n)
		die("%s is %#llx, outside the flows sent", keys[by],
		    (unsigned long long)got[by]);
	for (i = 0; i < N_KEYS; i++) {
		uint64_t w = want[i].base +
			     (flow + want[i].n - want[i].lag) % want[i].n;

		if (got[i] != w)
			die("flow %llu: %s is %#llx, not %#llx",
			    (unsigned long long)flow, keys[i],
			    (unsigned long long)got[i], (unsigned long long)w);
	}
	return flow;
}

static int cmd_check(int argc, char **argv)
{
	struct sockaddr_ll sll = { .sll_family = AF_PACKET };
	int fd, i, status, buf = 256 << 20;
	static bool seen[MAX_FLOWS];
	unsigned int n, ok = 0;
	uint8_t frame[2048];
	uint32_t flow;
	ssize_t len;
	pid_t pid;

	if (argc < 4)
		die("check DEV COUNT KEY=VALUE... -- COMMAND...");
	n = strtoul(argv[1], NULL, 10);
	if (!n || n > MAX_FLOWS)
		die("bad count");
	for (i = 2; i < argc && strcmp(argv[i], "--"); i++) {
		char *eq = strchr(argv[i], '=');
		int k;

		if (!eq)
			die("not KEY=VALUE: %s", argv[i]);
		*eq = 0;
		if (!strcmp(argv[i], "head")) {
			parse_head(eq + 1);
			continue;
		}
		for (k = 0; k < N_KEYS && strcmp(keys[k], argv[i]); k++)
			;
		if (k == N_KEYS)
			die("unknown key %s", argv[i]);
		want[k] = parse_range(argv[i], eq + 1);
	}
	for (int k = 0; k < N_KEYS; k++)
		if (!want[k].n)
			die("nothing said about %s", keys[k]);
	if (i + 1 >= argc)
		die("no command");

	/* Only who asks for all protocols sees packets before tc drops them. */
	fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	if (fd < 0)
		die("socket: %s", strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buf, sizeof(buf));
	sll.sll_protocol = htons(ETH_P_ALL);
	sll.sll_ifindex = if_nametoindex(argv[0]);
	if (bind(fd, (void *)&sll, sizeof(sll)))
		die("%s: %s", argv[0], strerror(errno));

	pid = fork();
	if (!pid) {
		execvp(argv[i + 1], argv + i + 1);
		die("%s: %s", argv[i + 1], strerror(errno));
	}
	if (waitpid(pid, &status, 0) != pid || status)
		die("%s failed", argv[i + 1]);

	/* All has been sent and received by now: one processor. */
	while ((len = recv(fd, frame, sizeof(frame), MSG_DONTWAIT)) > 0) {
		flow = check_one(frame, len);
		if (flow >= MAX_FLOWS || seen[flow])
			die("flow %u twice", flow);
		seen[flow] = true;
		ok++;
	}
	if (ok != n)
		die("%u of %u packets arrived", ok, n);
	return 0;
}

static long bpf(int cmd, union bpf_attr *attr)
{
	return syscall(__NR_bpf, cmd, attr, sizeof(*attr));
}

static void put_mac(uint8_t *p, const char *s)
{
	uint64_t v = parse_mac(s);
	int i;

	for (i = 5; i >= 0; i--, v >>= 8)
		p[i] = v;
}

static int map_by_name(const char *name)
{
	union bpf_attr attr;
	uint32_t id = 0;
	int fd = -1;

	for (;;) {
		struct bpf_map_info info = { 0 };
		int f;

		memset(&attr, 0, sizeof(attr));
		attr.start_id = id;
		if (bpf(BPF_MAP_GET_NEXT_ID, &attr))
			break;
		id = attr.next_id;
		memset(&attr, 0, sizeof(attr));
		attr.map_id = id;
		f = bpf(BPF_MAP_GET_FD_BY_ID, &attr);
		if (f < 0)
			continue;
		memset(&attr, 0, sizeof(attr));
		attr.info.bpf_fd = f;
		attr.info.info_len = sizeof(info);
		attr.info.info = (uintptr_t)&info;
		if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) ||
		    strcmp(info.name, name)) {
			close(f);
			continue;
		}
		/* The newest is the one of this case. */
		if (fd >= 0)
			close(fd);
		fd = f;
	}
	return fd;
}

static int cmd_map(int argc, char **argv)
{
	uint32_t n, i, service, server, port, sport;
	struct peer_val val = { 0 };
	union bpf_attr attr;
	int fd;

	if (argc != 9)
		die("map NAME COUNT DMAC SMAC IFINDEX SERVICE PORT SERVER SPORT");
	fd = map_by_name(argv[0]);
	if (fd < 0)
		die("no map %s", argv[0]);
	n = strtoul(argv[1], NULL, 10);
	put_mac(val.dmac, argv[2]);
	put_mac(val.smac, argv[3]);
	val.ifindex = strtoul(argv[4], NULL, 10);
	service = parse_ip(argv[5]);
	port = strtoul(argv[6], NULL, 10);
	server = parse_ip(argv[7]);
	sport = strtoul(argv[8], NULL, 10);
	for (i = 0; i < n; i++) {
		struct peer_key key = {
			.addr = htonl(service + i),
			.port = htons(port),
			.proto = IPPROTO_UDP,
		};

		val.addr = htonl(server);
		val.port = htons(sport + i);
		memset(&attr, 0, sizeof(attr));
		attr.map_fd = fd;
		attr.key = (uintptr_t)&key;
		attr.value = (uintptr_t)&val;
		if (bpf(BPF_MAP_UPDATE_ELEM, &attr))
			die("map entry %u: %s", i, strerror(errno));
	}
	return 0;
}

/* The profiler (profile.c) knows these instructions by their constants. */
static int cmd_start(void)
{
	static const char word[] = "start\n";
	ssize_t ret;
	int fd;

	fd = open("/proc/net/pktgen/pgctrl", O_WRONLY);
	if (fd < 0)
		die("pgctrl: %s", strerror(errno));
	asm volatile("mov $0x5e9c0001, %%eax" ::: "eax");
	ret = write(fd, word, sizeof(word) - 1);
	asm volatile("mov $0x5e9c0000, %%eax" ::: "eax");
	if (ret < 0)
		die("start: %s", strerror(errno));
	return 0;
}

static int cmd_around(char **argv)
{
	int status;
	pid_t pid;

	asm volatile("mov $0x5e9c0001, %%eax" ::: "eax");
	pid = fork();
	if (!pid) {
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		die("%s: %s", argv[0], strerror(errno));
	asm volatile("mov $0x5e9c0000, %%eax" ::: "eax");
	return status ? 1 : 0;
}

static int cmd_arm(void)
{
	asm volatile("mov $0x5e9c0002, %%eax" ::: "eax");
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "check"))
		return cmd_check(argc - 2, argv + 2);
	if (argc > 2 && !strcmp(argv[1], "map"))
		return cmd_map(argc - 2, argv + 2);
	if (argc == 2 && !strcmp(argv[1], "start"))
		return cmd_start();
	if (argc == 2 && !strcmp(argv[1], "arm"))
		return cmd_arm();
	if (argc > 2 && !strcmp(argv[1], "around"))
		return cmd_around(argv + 2);
	die("check | map | start | arm | around");
}
