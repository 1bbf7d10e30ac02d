/* smtp_peer PORT COUNT FILE - libcurl's own way to send the same mail COUNT
 * times: one handle, its connection used again.  Prints "SECONDS s COUNT". */
#include <curl/curl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct source {
    const char *at;
    size_t left;
};

static size_t
give(char *to, size_t size, size_t n, void *user)
{
    struct source *s = user;
    size_t part = MIN(size * n, s->left);

    memcpy(to, s->at, part);
    s->at += part;
    s->left -= part;
    return part;
}

int
main(int argc, char **argv)
{
    g_autofree char *data = NULL;
    g_autofree char *url = NULL;
    struct curl_slist *to = curl_slist_append(NULL, "<u1@tancheng.example>");
    gint64 start = g_get_monotonic_time();
    gsize len = 0;
    CURL *c;

    if (argc != 4 || !g_file_get_contents(argv[3], &data, &len, NULL))
        return 64;
    url = g_strdup_printf("smtp://127.0.0.1:%s", argv[1]);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    c = curl_easy_init();
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_MAIL_FROM, "<xxk@mail.tancheng.example>");
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
    for (int n = 0; n < atoi(argv[2]); n++) {
        struct source s = {data, len};

        curl_easy_setopt(c, CURLOPT_READDATA, &s);
        curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)len);
        if (curl_easy_perform(c) != CURLE_OK)
            return 1;
    }
    curl_easy_cleanup(c);
    curl_slist_free_all(to);
    printf("%.4f s %s\n",
           (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC, argv[2]);
    return 0;
}
