#include <pthread.h>
#include <stdio.h>
long n, totals[4];
void *work(void *argument) {
    long part = (long)argument;
    for (long i = part; i < n; i += 4) totals[part] += i;
    return NULL;
}
int main(void) {
    pthread_t threads[4];
    scanf("%ld", &n);
    for (long part = 0; part < 4; part++) pthread_create(&threads[part], NULL, work, (void *)part);
    for (int part = 0; part < 4; part++) pthread_join(threads[part], NULL);
    printf("%ld\n", totals[0] + totals[1] + totals[2] + totals[3]);
    return 0;
}
