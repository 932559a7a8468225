// SPDX-License-Identifier: GPL-2.0
/* Tags as an outsider reads them: frames are written to a file, and what tshark
 * finds in them is compared with what was to be in them. Where there is no tshark
 * this is skipped.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/tag.h"
#include "packet.h"
#include "tap.h"

#define FRAMES		400
#define FRAME_MAX	256

/* What tshark is asked for; in this order. */
enum field {
	PROTOCOLS,
	NSH_SPI, NSH_SI, NSH_TTL, NSH_LENGTH, NSH_MDTYPE, NSH_NEXT, NSH_VERSION,
	MPLS_LABEL, MPLS_EXP, MPLS_BOTTOM, MPLS_TTL,
	GPE_FLAGS, GPE_VNI, GPE_NEXT,
	GRE_FLAGS, GRE_PROTO, GRE_KEY,
	DSCP4, ECN4, CSUM4, DSCP6, ECN6,
	INNER_PORT, MALFORMED,
	NFIELDS,
};

static const char *const field_names[NFIELDS] = {
	"frame.protocols",
	"nsh.spi", "nsh.si", "nsh.ttl", "nsh.length", "nsh.mdtype",
	"nsh.nextproto", "nsh.version",
	"mpls.label", "mpls.exp", "mpls.bottom", "mpls.ttl",
	"vxlan.flags", "vxlan.vni", "vxlan.next_proto",
	"gre.flags_and_version", "gre.proto", "gre.key",
	"ip.dsfield.dscp", "ip.dsfield.ecn", "ip.checksum.status",
	"ipv6.tclass.dscp", "ipv6.tclass.ecn",
	"udp.dstport", "_ws.malformed",
};

/* One frame, and the numbers that tshark has to find; what is not set is not
 * looked at.
 */
struct frame {
	uint8_t data[FRAME_MAX];
	uint32_t len;
	const char *protocols;
	bool set[NFIELDS];
	uint32_t want[NFIELDS];
};

static struct frame frames[FRAMES];

static void want(struct frame *f, enum field field, uint32_t value)
{
	f->set[field] = true;
	f->want[field] = value;
}

static void add(struct frame *f, const void *data, size_t len)
{
	if (f->len + len > sizeof(f->data))
		abort();
	memcpy(f->data + f->len, data, len);
	f->len += (uint32_t)len;
}

static void add_ethernet(struct frame *f, uint16_t proto)
{
	uint8_t header[14] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2 };

	put16(header + 12, proto);
	add(f, header, sizeof(header));
}

/* An IPv4 header, and that of UDP if it is one, for so many bytes behind. */
static void add_outer(struct frame *f, uint8_t proto, uint16_t port,
		      uint16_t behind)
{
	struct packet p = { .proto = proto, .l4 = 20, .len = 20 };
	uint16_t l4 = proto == IPPROTO_UDP ? 8 : 0;

	p.data[0] = 0x45;
	put16(p.data + 2, 20 + l4 + behind);
	p.data[8] = 64;
	p.data[9] = proto;
	p.data[12] = 10;
	p.data[16] = 10;
	packet_seal(&p);
	/* a sum of UDP is not needed, and was not made over what follows */
	memset(p.data + 20, 0, 8);
	put16(p.data + 20, 50000);
	put16(p.data + 22, port);
	put16(p.data + 24, l4 + behind);
	add(f, p.data, 20u + l4);
}

/* What travels: UDP over IPv4 or IPv6, perhaps in an Ethernet frame. */
static void inner(struct packet *p, uint16_t proto)
{
	do {
		packet_random(p, proto == ETH_P_IPV6, IPPROTO_UDP);
	} while (p->len > 100 || p->l4 != (p->v6 ? 40 : 20));
	/* nothing that resembles the beginning of a protocol */
	memset(p->data + p->l4 + 8, 0x55, p->len - p->l4 - 8);
	put16(p->data + p->l4, 50001);
	put16(p->data + p->l4 + 2, 50002);
	packet_seal(p);
}

static void add_inner(struct frame *f, const struct packet *p, uint16_t proto)
{
	if (proto == ETH_P_TEB)
		add_ethernet(f, ETH_P_IP);
	add(f, p->data, p->len);
	want(f, INNER_PORT, 50002);
}

static void make_nsh(struct frame *f, uint16_t proto, struct svcseq_tag *tag)
{
	uint8_t header[SVCSEQ_TAG_NSH_LEN];
	struct packet p;

	tag->ttl = (u8)(1 + tag->ttl % 63);
	CHECK_INT(svcseq_tag_nsh_put(header, tag), 0);
	inner(&p, proto);
	add_ethernet(f, ETH_P_NSH);
	add(f, header, sizeof(header));
	add_inner(f, &p, proto);
	f->protocols = proto == ETH_P_IP ? "eth:ethertype:nsh:ip:udp" :
		proto == ETH_P_IPV6 ? "eth:ethertype:nsh:ipv6:udp" :
		"eth:ethertype:nsh:eth:ethertype:ip:udp";
	want(f, NSH_VERSION, 0);
	want(f, NSH_SPI, tag->path);
	want(f, NSH_SI, tag->index);
	want(f, NSH_TTL, tag->ttl);
	/* in words, as it stands in the header */
	want(f, NSH_LENGTH, 2);
	want(f, NSH_MDTYPE, 2);
	want(f, NSH_NEXT, proto == ETH_P_IP ? 1 : proto == ETH_P_IPV6 ? 2 : 3);
}

static void make_mpls(struct frame *f, uint16_t proto, struct svcseq_tag *tag)
{
	uint8_t header[SVCSEQ_TAG_MPLS_LEN];
	struct packet p;

	if (proto == ETH_P_TEB)
		proto = ETH_P_IP;
	tag->proto = cpu_to_be16(proto);
	tag->path = 1 + tag->path % 16383;
	tag->index %= 64;
	tag->ttl |= 1;
	tag->tc %= 8;
	CHECK_INT(svcseq_tag_mpls_put(header, tag), 0);
	inner(&p, proto);
	add_ethernet(f, ETH_P_MPLS_UC);
	add(f, header, sizeof(header));
	add_inner(f, &p, proto);
	f->protocols = proto == ETH_P_IP ? "eth:ethertype:mpls:ip:udp" :
		"eth:ethertype:mpls:ipv6:udp";
	want(f, MPLS_LABEL, tag->path * 64 + tag->index);
	want(f, MPLS_EXP, tag->tc);
	want(f, MPLS_BOTTOM, 1);
	want(f, MPLS_TTL, tag->ttl);
}

static void make_gpe(struct frame *f, uint16_t proto, struct svcseq_tag *tag)
{
	uint8_t header[SVCSEQ_TAG_GPE_LEN];
	struct packet p;

	tag->path %= 65536;
	CHECK_INT(svcseq_tag_gpe_put(header, tag), 0);
	inner(&p, proto);
	add_ethernet(f, ETH_P_IP);
	add_outer(f, IPPROTO_UDP, SVCSEQ_TAG_GPE_PORT, (uint16_t)
		  (8 + p.len + (proto == ETH_P_TEB ? 14 : 0)));
	add(f, header, sizeof(header));
	add_inner(f, &p, proto);
	f->protocols = proto == ETH_P_IP ?
		"eth:ethertype:ip:udp:ip:udp" : proto == ETH_P_IPV6 ?
		"eth:ethertype:ip:udp:ipv6:udp" :
		"eth:ethertype:ip:udp:eth:ethertype:ip:udp";
	want(f, GPE_FLAGS, 0x0c);
	want(f, GPE_VNI, tag->path << 8 | tag->index);
	want(f, GPE_NEXT, proto == ETH_P_IP ? 1 : proto == ETH_P_IPV6 ? 2 : 3);
}

static void make_gre(struct frame *f, uint16_t proto, struct svcseq_tag *tag)
{
	uint8_t header[SVCSEQ_TAG_GRE_LEN];
	struct packet p;

	CHECK_INT(svcseq_tag_gre_put(header, tag), 0);
	inner(&p, proto);
	add_ethernet(f, ETH_P_IP);
	add_outer(f, IPPROTO_GRE, 0, (uint16_t)
		  (8 + p.len + (proto == ETH_P_TEB ? 14 : 0)));
	add(f, header, sizeof(header));
	add_inner(f, &p, proto);
	f->protocols = proto == ETH_P_IP ?
		"eth:ethertype:ip:gre:ip:udp" : proto == ETH_P_IPV6 ?
		"eth:ethertype:ip:gre:ipv6:udp" :
		"eth:ethertype:ip:gre:eth:ethertype:ip:udp";
	want(f, GRE_FLAGS, 0x2000);
	want(f, GRE_PROTO, proto);
	want(f, GRE_KEY, tag->path << 8 | tag->index);
}

static void make_dscp(struct frame *f, uint16_t proto, struct svcseq_tag *tag)
{
	uint8_t dscp = tag->index % 64, ecn;
	struct packet p;

	inner(&p, proto);
	if (proto == ETH_P_IPV6) {
		ecn = p.data[1] >> 4 & 3;
		svcseq_tag_dscp6_put(p.data, dscp);
		want(f, DSCP6, dscp);
		want(f, ECN6, ecn);
		f->protocols = "eth:ethertype:ipv6:udp";
	} else {
		ecn = p.data[1] & 3;
		svcseq_tag_dscp4_put(p.data, dscp);
		want(f, DSCP4, dscp);
		want(f, ECN4, ecn);
		/* good */
		want(f, CSUM4, 1);
		f->protocols = "eth:ethertype:ip:udp";
	}
	add_ethernet(f, proto == ETH_P_IPV6 ? ETH_P_IPV6 : ETH_P_IP);
	add_inner(f, &p, ETH_P_IP);
}

static void make_frames(void)
{
	static const uint16_t protos[] = { ETH_P_IP, ETH_P_IPV6, ETH_P_TEB };
	static void (*const make[])(struct frame *f, uint16_t proto,
				    struct svcseq_tag *tag) = {
		make_nsh, make_mpls, make_gpe, make_gre, make_dscp,
	};
	uint32_t i;

	memset(frames, 0, sizeof(frames));
	for (i = 0; i < FRAMES; i++) {
		uint16_t proto = protos[i % TAP_COUNT(protos)];
		struct svcseq_tag tag = {
			.path = rnd_next() >> 8,
			.index = (u8)rnd_next(),
			.ttl = (u8)rnd_next(),
			.tc = (u8)rnd_next(),
			.proto = cpu_to_be16(proto),
		};

		make[i % TAP_COUNT(make)](&frames[i], proto, &tag);
	}
}

/* The file of libpcap, in network byte order. */
static bool write_frames(int fd)
{
	static const uint8_t head[24] = {
		0xa1, 0xb2, 0xc3, 0xd4, 0, 2, 0, 4, /* magic, version 2.4 */
		[18] = 0xff, 0xff, 0, 0, 0, 1, /* longest frame, Ethernet */
	};
	FILE *file = fdopen(fd, "w");
	uint32_t i;

	if (!file)
		return false;
	fwrite(head, sizeof(head), 1, file);
	for (i = 0; i < FRAMES; i++) {
		uint8_t record[16] = { 0 };

		put16(record + 2, (uint16_t)i);
		put16(record + 10, (uint16_t)frames[i].len);
		put16(record + 14, (uint16_t)frames[i].len);
		fwrite(record, sizeof(record), 1, file);
		fwrite(frames[i].data, frames[i].len, 1, file);
	}
	return !fclose(file);
}

/* Start tshark on a file. Returns where its words can be read, or -1. */
static int start_tshark(const char *path, pid_t *pid)
{
	const char *argv[16 + 2 * NFIELDS];
	int pipes[2], argc = 0, i;

	argv[argc++] = "tshark";
	argv[argc++] = "-n";
	argv[argc++] = "-r";
	argv[argc++] = path;
	argv[argc++] = "-o";
	argv[argc++] = "ip.check_checksum:TRUE";
	argv[argc++] = "-Tfields";
	argv[argc++] = "-Eseparator=;";
	/* the innermost of headers that come twice */
	argv[argc++] = "-Eoccurrence=l";
	for (i = 0; i < NFIELDS; i++) {
		argv[argc++] = "-e";
		argv[argc++] = field_names[i];
	}
	argv[argc] = NULL;

	if (pipe(pipes))
		return -1;
	fflush(stdout);
	*pid = fork();
	if (*pid < 0)
		return -1;
	if (!*pid) {
		dup2(pipes[1], 1);
		close(pipes[0]);
		close(pipes[1]);
		if (!freopen("/dev/null", "w", stderr))
			_exit(126);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(pipes[1]);
	return pipes[0];
}

/* Some versions name VXLAN-GPE among the protocols and some do not. */
static void forget_vxlan(char *protocols)
{
	char *vxlan = strstr(protocols, ":vxlan");

	if (vxlan) {
		size_t len = 1 + strcspn(vxlan + 1, ":");

		memmove(vxlan, vxlan + len, strlen(vxlan + len) + 1);
	}
}

/* tshark 4.4 leaves out that it is IP that MPLS carries, and 4.0 names it. */
static bool protocols_agree(const char *seen, const char *want)
{
	const char *mpls = strstr(want, ":mpls:ip");
	size_t head, skip;

	if (!strncmp(seen, want, strlen(want)))
		return true;
	if (!mpls)
		return false;
	head = (size_t)(mpls - want) + strlen(":mpls");
	skip = head + 1 + strcspn(want + head + 1, ":");
	return !strncmp(seen, want, head) &&
	       !strncmp(seen + head, want + skip, strlen(want + skip));
}

static void compare(const struct frame *f, char *line)
{
	char *text;
	int i;

	for (i = 0; i < NFIELDS; i++) {
		text = strsep(&line, ";\n");
		if (!text) {
			CHECK(text);
			return;
		}
		if (i == PROTOCOLS) {
			forget_vxlan(text);
			if (!CHECK(protocols_agree(text, f->protocols)))
				tap_note("tshark sees %s, expected %s", text,
					 f->protocols);
		} else if (i == MALFORMED) {
			CHECK_INT(*text, 0);
		} else if (f->set[i]) {
			uint32_t seen = (uint32_t)strtoul(text, NULL, 0);

			if (!CHECK(*text) || !CHECK_INT(seen, f->want[i]))
				tap_note("%s of a frame of %s: tshark says '%s'",
					 field_names[i], f->protocols, text);
		}
	}
}

static void tshark_agrees(void)
{
	char path[] = "/tmp/test_tag_wire.XXXXXX";
	char line[1024];
	uint32_t count = 0;
	int fd, status;
	FILE *said;
	pid_t pid;

	/* before anything is checked: a test that checks cannot be skipped */
	fd = mkstemp(path);
	if (fd < 0 || !write_frames(fd)) {
		CHECK(false);
		return;
	}
	fd = start_tshark(path, &pid);
	said = fd < 0 ? NULL : fdopen(fd, "r");
	if (!said) {
		CHECK(said);
		return;
	}
	while (fgets(line, sizeof(line), said))
		if (count++ < FRAMES)
			compare(&frames[count - 1], line);
	fclose(said);
	waitpid(pid, &status, 0);
	unlink(path);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127 && !count) {
		tap_skip("no tshark here");
		return;
	}
	CHECK_INT(status, 0);
	CHECK_INT(count, FRAMES);
}

int main(void)
{
	static const struct tap_test tests[] = {
		TAP_TEST(make_frames),
		TAP_TEST(tshark_agrees),
	};

	return tap_main(tests, TAP_COUNT(tests));
}
